using System.Security.Cryptography;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>The contents of a weights file according to its headers; no values are read, and libtorch is not needed. Immutable.</summary>
public sealed record WeightsContents
{
    private WeightsContents()
    {
    }

    /// <summary>The format.</summary>
    public required WeightsFormat Format { get; init; }

    /// <summary>Size of the file in bytes.</summary>
    public required long FileSize { get; init; }

    /// <summary>The tensors, in file order.</summary>
    public required IReadOnlyList<StoredTensor> Tensors { get; init; }

    /// <summary>The DeconvNet that the file is for; <see langword="null"/> if it is not for one.</summary>
    public DeconvNetOptions? DeconvNetOptions { get; init; }

    /// <summary>The FCN that the file is for; <see langword="null"/> if it is not for one. Files from other sources must have a layer <c>score_fr</c>.</summary>
    public FcnOptions? FcnOptions { get; init; }

    /// <summary>Class names by id; <see langword="null"/> if the file has none.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Layers, trainable parameters and multiply-adds of the network; <see langword="null"/> if the network is unknown.</summary>
    public ModelSummary? Summary => Network is null ? null : new(Network.MakeRows());

    /// <summary>VOC palette colors of the classes, by id; empty if the network is unknown.</summary>
    public IReadOnlyList<Rgb> Palette => [.. Enumerable.Range(0, Network?.ClassCount ?? 0).Select(id => VocPalette.Color((byte)id))];

    /// <summary>Origin, license and other information.</summary>
    public WeightsInfo Info { get; init; } = WeightsInfo.None;

    /// <summary>The report that loading would give; <see langword="null"/> if the network is unknown.</summary>
    public LoadReport? Report { get; init; }

    /// <summary>Why <c>DeconvNetModel.Load</c> or <c>FcnModel.Load</c> would reject the file, according to its headers; <see langword="null"/> if it would not.</summary>
    public string? Refusal { get; init; }

    /// <summary>Reads the contents of a file.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or in an unknown format.</exception>
    public static WeightsContents Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = WeightsFile.Open(path);
        return Of(file);
    }

    /// <summary>Reads the contents of a stream, from its current position to its end.</summary>
    /// <param name="stream">The stream; it is left open.</param>
    /// <param name="name">Name in error messages.</param>
    /// <exception cref="InvalidDataException">The data is damaged or in an unknown format.</exception>
    public static WeightsContents Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var file = WeightsFile.Open(stream, name, leaveOpen: true);
        return Of(file);
    }

    /// <summary>Computes the SHA-256 of a file in lower-case hexadecimal, to verify a download. Reads the whole file.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The path is a folder.</exception>
    public static string ComputeSha256(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var stream = InputFile.Open(path, "a weights file");
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private INetworkOptions? Network => (INetworkOptions?)DeconvNetOptions ?? FcnOptions;

    private static WeightsContents Of(WeightsFile file)
    {
        var contents = new WeightsContents { Format = file.Format, FileSize = file.Length, Tensors = file.Tensors };
        try
        {
            var weights = NetworkWeights.Open(file);
            return contents with
            {
                DeconvNetOptions = weights.Options as DeconvNetOptions,
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
