using System.Collections.Concurrent;
using System.Text.Json;
using DeconvNet.Crf;
using DeconvNet.Imaging;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Crf;

/// <summary>The output of Krähenbühl's code for some images: small arrays are in the repository, the others in the shared data.</summary>
internal static class CrfReference
{
    private static readonly JsonElement Cases = JsonDocument.Parse(File.ReadAllBytes(Find("cases.json"))).RootElement;

    private static readonly ConcurrentDictionary<string, Lazy<UnaryEnergies>> Energies = new(StringComparer.Ordinal);

    public static string[] Names { get; } = [.. Cases.GetProperty("cases").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];

    public static JsonElement[] Lattices { get; } = [.. Cases.GetProperty("lattice").EnumerateArray()];

    public static JsonElement Case(string name)
        => Cases.GetProperty("cases").EnumerateArray().Single(item => item.GetProperty("name").GetString() == name);

    public static JsonElement[] Outputs(string name) => [.. Case(name).GetProperty("outputs").EnumerateArray()];

    public static JsonElement[] Kernels(string name) => [.. Case(name).GetProperty("kernels").EnumerateArray()];

    public static JsonElement Output(string name, int iterations)
        => Outputs(name).Single(output => output.GetProperty("iterations").GetInt32() == iterations);

    public static Npy<T> Array<T>(string file)
        where T : unmanaged
        => Npy.Read<T>(Find(file));

    public static RgbImage Photo(string name) => RgbImage.Load(Find(Case(name).GetProperty("image").GetString()!));

    public static LabelMap Labels(string file)
    {
        // 8-bit gray: decoded to RGB, all three channels have the value.
        var gray = RgbImage.Load(Find(file));
        var labels = new byte[gray.Width * gray.Height];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = gray.Pixels[3 * i];
        return new LabelMap(gray.Width, gray.Height, labels);
    }

    public static CrfOptions Options(string name, int iterations)
    {
        var options = new CrfOptions
        {
            Iterations = iterations,
            Gaussian = null,
            Bilateral = null,
            PixelOrder = Case(name).GetProperty("feature_order").GetString() == "yx" ? PixelOrder.ColumnMajor : PixelOrder.RowMajor,
        };
        foreach (var kernel in Kernels(name))
        {
            var normalization = Enum.Parse<KernelNormalization>(kernel.GetProperty("normalization").GetString()!, ignoreCase: true);
            var compatibility = Compatibility(kernel.GetProperty("compat"));
            options = kernel.GetProperty("type").GetString() == "gaussian"
                ? options with { Gaussian = new() { SigmaX = Sigma("x"), SigmaY = Sigma("y"), Normalization = normalization, Compatibility = compatibility } }
                : options with
                {
                    Bilateral = new()
                    {
                        SigmaX = Sigma("x"),
                        SigmaY = Sigma("y"),
                        SigmaRed = Sigma("r"),
                        SigmaGreen = Sigma("g"),
                        SigmaBlue = Sigma("b"),
                        Normalization = normalization,
                        Compatibility = compatibility,
                    },
                };

            float Sigma(string axis) => kernel.GetProperty($"sigma_{axis}").GetSingle();
        }

        return options;
    }

    /// <summary>The energies of a case; made once for all cases that start from the same ones.</summary>
    public static UnaryEnergies Unaries(string name)
    {
        var item = Case(name);
        var key = $"{item.GetProperty("labels")} {item.GetProperty("width")} {item.GetProperty("unary")}";
        return Energies.GetOrAdd(key, _ => new Lazy<UnaryEnergies>(() => Create(item))).Value;
    }

    private static UnaryEnergies Create(JsonElement item)
    {
        var (labels, width, height) = (item.GetProperty("labels").GetInt32(), item.GetProperty("width").GetInt32(), item.GetProperty("height").GetInt32());
        var unary = item.GetProperty("unary");
        var file = unary.TryGetProperty("file", out var given) ? given.GetString()! : "";
        switch (unary.GetProperty("kind").GetString())
        {
            case "probabilities":
                var scale = unary.GetProperty("scale");
                return UnaryEnergies.FromProbabilities(
                    labels, width, height, Array<float>(file).Values, unary.GetProperty("clip").GetSingle(), scale.ValueKind == JsonValueKind.Null ? 1 : scale.GetSingle());
            case "labels":
                return Marked(Labels(file), labels, unary.GetProperty("certainty").GetDouble(), unary.GetProperty("zero_unsure").GetBoolean());
            case "scores":
                return UnaryEnergies.FromLogits(labels, width, height, Array<float>(file).Values);
            case "score_grid":
                return UnaryEnergies.FromLogits(labels, width, height, Enlarged(Array<byte>(file), width, height));
            default:
                return new UnaryEnergies(labels, width, height, Array<float>(unary.GetProperty("unary_file").GetString()!).Values);
        }
    }

    private static UnaryEnergies Marked(LabelMap map, int labels, double certainty, bool zeroIsUnsure)
    {
        if (!zeroIsUnsure)
            return UnaryEnergies.FromLabels(map, labels, certainty);
        var shifted = map.Pixels.ToArray().Select(label => label == 0 ? LabelMap.Void : (byte)(label - 1)).ToArray();
        return UnaryEnergies.FromLabels(new LabelMap(map.Width, map.Height, shifted), labels, certainty);
    }

    /// <summary>Scores between those of a coarse grid, as the reference's README says.</summary>
    private static float[] Enlarged(Npy<byte> grid, int width, int height)
    {
        var (labels, rows, columns) = (grid.Shape[0], grid.Shape[1], grid.Shape[2]);
        var scores = new float[labels * width * height];
        for (var i = 0; i < scores.Length; i++)
        {
            var (label, y, x) = (i / (width * height), i / width % height, i % width);
            var (gy, gx) = (y * (rows - 1.0) / (height - 1), x * (columns - 1.0) / (width - 1));
            var (y0, x0) = (Math.Min((int)gy, rows - 2), Math.Min((int)gx, columns - 2));
            var (fy, fx) = (gy - y0, gx - x0);
            scores[i] = (float)(((1 - fy) * (((1 - fx) * At(y0, x0)) + (fx * At(y0, x0 + 1)))) + (fy * (((1 - fx) * At(y0 + 1, x0)) + (fx * At(y0 + 1, x0 + 1)))));

            double At(int row, int column) => grid.Values[(((label * rows) + row) * columns) + column] / 4.0;
        }

        return scores;
    }

    private static LabelCompatibility Compatibility(JsonElement json)
    {
        switch (json.GetProperty("type").GetString())
        {
            case "potts":
                return LabelCompatibility.Potts(json.GetProperty("weight").GetSingle());
            case "diagonal":
                return LabelCompatibility.Diagonal([.. json.GetProperty("values").EnumerateArray().Select(value => value.GetSingle())]);
            default:
                var rows = json.GetProperty("values").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetSingle()).ToArray()).ToArray();
                var costs = new float[rows.Length, rows.Length];
                for (var row = 0; row < rows.Length; row++)
                {
                    for (var column = 0; column < rows.Length; column++)
                        costs[row, column] = rows[row][column];
                }

                return LabelCompatibility.Matrix(costs);
        }
    }

    private static string Find(string file)
    {
        var local = Path.Combine([AppContext.BaseDirectory, "Reference", "crf", .. file.Split('/')]);
        return File.Exists(local) ? local : SharedData.Path(["reference", "crf", .. file.Split('/')]);
    }
}
