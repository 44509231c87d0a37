using DeconvNet.Crf;
using DeconvNet.Imaging;

namespace DeconvNet.Tests.Crf;

public class UnaryEnergiesTests
{
    public static TheoryData<string> Names => [.. CrfReference.Names.Where(name => CrfReference.Case(name).GetProperty("unary").TryGetProperty("unary_file", out _))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Energies_equal_the_reference_up_to_a_constant_for_each_pixel(string name)
    {
        var expected = CrfReference.Array<float>(CrfReference.Case(name).GetProperty("unary").GetProperty("unary_file").GetString()!).Values;
        var actual = CrfReference.Unaries(name);
        var pixels = actual.Width * actual.Height;
        Assert.Equal(expected.Length, actual.Values.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i] - expected[i % pixels], actual.Values[i] - actual.Values[i % pixels], 2e-6f * Math.Max(1, Math.Abs(expected[i])));
    }

    [Fact]
    public void Probabilities_and_marks_give_the_logarithm_itself()
    {
        Assert.Equal(CrfReference.Array<float>("unary/tiny_prob.npy").Values, CrfReference.Unaries("tiny_symmetric").Values, (a, b) => Math.Abs(a - b) <= 1e-6f * Math.Max(1, a));
        Assert.Equal(CrfReference.Array<float>("unary/tiny_labels_unsure.npy").Values, CrfReference.Unaries("tiny_labels_unsure").Values);
    }

    [Fact]
    public void One_label_has_a_finite_energy() => Assert.Equal([(float)-Math.Log(0.7)], UnaryEnergies.FromLabels(new LabelMap(1, 1, [0]), 1).Plane(0));
}
