using System.Globalization;
using System.Text;

namespace DeconvNet.Datasets;

/// <summary>An image that cannot be used.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Message">What is wrong; names the file.</param>
public sealed record DatasetProblem(string Id, string Message);

/// <summary>How often a class occurs in a data set.</summary>
/// <param name="Name">The class name.</param>
public sealed record ClassContents(string Name)
{
    /// <summary>Pixels of the class.</summary>
    public long PixelCount { get; init; }

    /// <summary>Images whose mask shows the class.</summary>
    public int ImageCount { get; init; }

    /// <summary>Objects of the class.</summary>
    public int ObjectCount { get; init; }
}

/// <summary>The result of <see cref="DatasetChecking.Check"/>. Immutable.</summary>
/// <param name="ImageCount">Number of images, including those with problems.</param>
/// <param name="Problems">The images that cannot be used.</param>
/// <param name="Classes">How often each class occurs in the sound images, by class id.</param>
public sealed record DatasetReport(int ImageCount, IReadOnlyList<DatasetProblem> Problems, IReadOnlyList<ClassContents> Classes)
{
    /// <summary>Number of void pixels, which are ignored.</summary>
    public long VoidPixelCount { get; init; }

    /// <summary>Number of sound images without a mask.</summary>
    public int UnmaskedImageCount { get; init; }

    /// <summary>Whether every image can be used.</summary>
    public bool IsSound => Problems.Count == 0;

    /// <summary>
    /// Class weights for the loss that favor rare classes: the square root of median frequency over class frequency, so that a class four times as rare has twice the weight. 1 for a class without pixels.
    /// </summary>
    public IReadOnlyList<double> BalancedClassWeights()
    {
        var counts = Classes.Where(entry => entry.PixelCount > 0).Select(entry => entry.PixelCount).Order().ToArray();
        if (counts.Length == 0)
            return [.. Classes.Select(_ => 1.0)];
        var median = (counts[(counts.Length - 1) / 2] + (double)counts[counts.Length / 2]) / 2;
        return [.. Classes.Select(entry => entry.PixelCount == 0 ? 1 : Math.Sqrt(median / entry.PixelCount))];
    }

    /// <summary>A table of the classes and one line per problem, independent of the culture.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var all = Math.Max(1, Classes.Sum(entry => entry.PixelCount) + VoidPixelCount);
        var width = Math.Max(5, Classes.Max(entry => entry.Name.Length));
        Line($"{"class".PadRight(width)}  pixels  images  objects");
        foreach (var entry in Classes)
            Line($"{entry.Name.PadRight(width)}  {100.0 * entry.PixelCount / all,4:F1} %  {entry.ImageCount,6}  {entry.ObjectCount,7}");
        Line($"{"void".PadRight(width)}  {100.0 * VoidPixelCount / all,4:F1} %");
        Line($"{ImageCount} images, {Problems.Count} of them with problems{(UnmaskedImageCount > 0 ? $", {UnmaskedImageCount} without a mask" : "")}");
        foreach (var problem in Problems)
            Line($"{problem.Id}: {problem.Message}");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
