using System.Globalization;
using System.Text;

namespace DeconvNet.Datasets;

/// <summary>An image that cannot be used.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Message">What is wrong, with the name of the file.</param>
public sealed record DatasetProblem(string Id, string Message);

/// <summary>How much of a class a data set holds.</summary>
/// <param name="Name">The class name.</param>
public sealed record ClassContents(string Name)
{
    /// <summary>Pixels of the class.</summary>
    public long Pixels { get; init; }

    /// <summary>Images whose mask shows the class.</summary>
    public int Images { get; init; }

    /// <summary>Objects of the class.</summary>
    public int Objects { get; init; }
}

/// <summary>What <see cref="DatasetChecking.Check"/> found. Immutable.</summary>
/// <param name="Images">Number of images, those with problems among them.</param>
/// <param name="Problems">The images that cannot be used.</param>
/// <param name="Classes">What the sound images hold of each class, in the order of the class ids.</param>
public sealed record DatasetReport(int Images, IReadOnlyList<DatasetProblem> Problems, IReadOnlyList<ClassContents> Classes)
{
    /// <summary>Pixels that are ignored.</summary>
    public long VoidPixels { get; init; }

    /// <summary>Sound images of a set without masks.</summary>
    public int ImagesWithoutMask { get; init; }

    /// <summary>Whether every image can be used.</summary>
    public bool IsSound => Problems.Count == 0;

    /// <summary>
    /// Weights for the loss that favor rare classes: each is the square root of the median fraction of pixels over its own, so that a class four times as rare weighs twice as much. 1 for a class without pixels.
    /// </summary>
    public IReadOnlyList<double> BalancedClassWeights()
    {
        var counts = Classes.Where(entry => entry.Pixels > 0).Select(entry => entry.Pixels).Order().ToArray();
        if (counts.Length == 0)
            return [.. Classes.Select(_ => 1.0)];
        var median = (counts[(counts.Length - 1) / 2] + (double)counts[counts.Length / 2]) / 2;
        return [.. Classes.Select(entry => entry.Pixels == 0 ? 1 : Math.Sqrt(median / entry.Pixels))];
    }

    /// <summary>A table of the classes and a line for each problem, the same under every culture.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var all = Math.Max(1, Classes.Sum(entry => entry.Pixels) + VoidPixels);
        var width = Math.Max(5, Classes.Max(entry => entry.Name.Length));
        Line($"{"class".PadRight(width)}  pixels  images  objects");
        foreach (var entry in Classes)
            Line($"{entry.Name.PadRight(width)}  {100.0 * entry.Pixels / all,4:F1} %  {entry.Images,6}  {entry.Objects,7}");
        Line($"{"void".PadRight(width)}  {100.0 * VoidPixels / all,4:F1} %");
        Line($"{Images} images, {Problems.Count} of them with problems{(ImagesWithoutMask > 0 ? $", {ImagesWithoutMask} without a mask" : "")}");
        foreach (var problem in Problems)
            Line($"{problem.Id}: {problem.Message}");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
