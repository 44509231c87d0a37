using System.Security.Cryptography;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>What a weights file holds, as far as its headers say; no values are read and no libtorch is needed. Immutable.</summary>
public sealed record WeightsContents
{
    private WeightsContents()
    {
    }

    /// <summary>The format.</summary>
    public required WeightsFormat Format { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long FileSize { get; init; }

    /// <summary>The tensors, in the file's order.</summary>
    public required IReadOnlyList<StoredTensor> Tensors { get; init; }

    /// <summary>The DeconvNet that the file is for; <see langword="null"/> if the file does not tell one.</summary>
    public DeconvNetOptions? Options { get; init; }

    /// <summary>The FCN that the file is for; <see langword="null"/> if it is for none. Of files by others only those with a layer <c>score_fr</c> are.</summary>
    public FcnOptions? FcnOptions { get; init; }

    /// <summary>Class names by id; <see langword="null"/> where the file has none.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Layers, trainable parameters and multiply-adds of that network; <see langword="null"/> if the file does not tell one.</summary>
    public ModelSummary? Summary => Network is null ? null : new(Network.MakeRows());

    /// <summary>The colors in which label maps and overlays draw the classes, by id; empty if the file does not tell a network.</summary>
    public IReadOnlyList<Rgb> Palette => [.. Enumerable.Range(0, Network?.ClassCount ?? 0).Select(id => VocPalette.Color((byte)id))];

    /// <summary>What the file says of its origin.</summary>
    public WeightsInfo Info { get; init; } = WeightsInfo.None;

    /// <summary>What loading would do, and what keeps it from loading; <see langword="null"/> if the file does not tell a network.</summary>
    public LoadReport? Report { get; init; }

    /// <summary>Why <c>DeconvNetModel.Load</c>, or for an FCN <c>FcnModel.Load</c>, would refuse the file, as far as its headers tell; <see langword="null"/> if they tell nothing against it.</summary>
    public string? Refusal { get; init; }

    /// <summary>Reads what a file holds.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or in a format that is not known.</exception>
    public static WeightsContents Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = WeightsFile.Open(path);
        return Of(file);
    }

    /// <summary>Reads what a stream holds, from its position to its end.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="name">How errors call it.</param>
    /// <exception cref="InvalidDataException">The content is damaged or in a format that is not known.</exception>
    public static WeightsContents Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var file = WeightsFile.Open(stream, name, leaveOpen: true);
        return Of(file);
    }

    /// <summary>Computes the SHA-256 of a file in lower-case hexadecimal, so that one can tell whether it is the published one. It reads all of the file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The path is a folder.</exception>
    public static string ComputeSha256(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var stream = InputFile.Open(path, "a weights file");
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private INetworkOptions? Network => (INetworkOptions?)Options ?? FcnOptions;

    private static WeightsContents Of(WeightsFile file)
    {
        var contents = new WeightsContents { Format = file.Format, FileSize = file.Length, Tensors = file.Tensors };
        try
        {
            var weights = NetworkWeights.Open(file);
            return contents with
            {
                Options = weights.Options as DeconvNetOptions,
                FcnOptions = weights.Options as FcnOptions,
                ClassNames = weights.ClassNames,
                Info = weights.Info,
                Report = weights.Report,
                Refusal = weights.Refusal,
            };
        }
        catch (InvalidDataException refusal)
        {
            return contents with { Refusal = refusal.Message };
        }
    }
}
