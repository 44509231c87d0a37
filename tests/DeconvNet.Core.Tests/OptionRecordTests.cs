using System.Collections;
using System.Globalization;
using DeconvNet.Crf;
using DeconvNet.Imaging;
using DeconvNet.Networks;

namespace DeconvNet.Tests;

/// <summary>What holds for every public record of options, found by reflection.</summary>
public class OptionRecordTests
{
    public static TheoryData<Type> Records => [.. new[] { typeof(RgbImage).Assembly, typeof(DeconvNetModel).Assembly }
        .SelectMany(assembly => assembly.GetExportedTypes())
        .Where(type => type.GetMethod("<Clone>$") is not null && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null && !type.Name.EndsWith("Info", StringComparison.Ordinal))];

    [Fact]
    public void Options_of_all_parts_are_among_them()
    {
        var names = Records.Select(row => row.Data.Name).ToArray();
        Assert.Subset(names.ToHashSet(), new HashSet<string> { "CrfOptions", "EdgeBoxesOptions", "ImageLimits", "ProposalSegmenterOptions", "SlidingWindowsOptions" });
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void Two_with_the_defaults_are_equal(Type type)
    {
        var (first, second) = (Activator.CreateInstance(type)!, Activator.CreateInstance(type)!);
        Assert.True(first.Equals(second), $"Two new {type.Name} differ: {first} and {second}");
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
        foreach (var property in type.GetProperties().Where(property => property.CanRead && !property.GetMethod!.IsStatic && property.PropertyType != typeof(string)))
        {
            if (property.GetValue(first) is IEnumerable list)
                Assert.False(list is Array, $"{type.Name}.{property.Name} is an array, which anybody could change.");
        }
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void The_text_depends_neither_on_the_culture_nor_on_the_machine(Type type)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            var expected = Activator.CreateInstance(type)!.ToString();
            foreach (var culture in (string[])["de-DE", "fa-IR", "sv-SE"])
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                Assert.Equal(expected, Activator.CreateInstance(type)!.ToString());
            }

            Assert.DoesNotContain("System.", expected, StringComparison.Ordinal);
            if (type.GetProperty(nameof(CrfOptions.MaxDegreeOfParallelism)) is { } threads)
                Assert.Null(threads.GetValue(Activator.CreateInstance(type)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
