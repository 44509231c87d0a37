using DeconvNet.Crf;
using DeconvNet.Crf.Lattice;

namespace DeconvNet.Tests.Crf;

public class LatticeReferenceTests
{
    public static TheoryData<int> Dimensions => [.. CrfReference.Lattices.Select(lattice => lattice.GetProperty("dimension").GetInt32())];

    public static TheoryData<string> Names => [.. CrfReference.Names];

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void Vertices_neighbors_ranks_and_weights_equal_the_original(int dimension)
    {
        var team = new WorkerTeam(2);
        var features = CrfReference.Array<float>($"lattice/d{dimension}_features.npy").Values;
        var lattice = new PermutohedralLattice(features, dimension, team);

        Assert.Equal(CrfReference.Array<int>($"lattice/d{dimension}_offset.npy").Values, lattice.Slices.Select(tap => tap.Index));
        var weights = CrfReference.Array<float>($"lattice/d{dimension}_barycentric.npy").Values;
        Assert.All(weights.Zip(lattice.Slices), pair => Assert.Equal(pair.First, pair.Second.Weight, 1e-5f));

        var neighbors = CrfReference.Array<int>($"lattice/d{dimension}_neighbours.npy");
        Assert.Equal(neighbors.Shape[1], lattice.Vertices);
        for (var axis = 0; axis <= dimension; axis++)
        {
            var pairs = neighbors.Values.AsSpan(axis * lattice.Vertices * 2, lattice.Vertices * 2).ToArray().Chunk(2).ToArray();
            var following = lattice.Following(axis);
            Assert.Equal(pairs.Select(pair => pair[0]), following);
            Assert.All(pairs.Index().Where(item => item.Item[1] >= 0), item => Assert.Equal(item.Index, following[item.Item[1]]));
        }
    }

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void Ranks_equal_the_original(int dimension)
    {
        var features = CrfReference.Array<float>($"lattice/d{dimension}_features.npy").Values;
        var ranks = CrfReference.Array<int>($"lattice/d{dimension}_rank.npy").Values;
        var points = features.Length / dimension;
        var simplex = new Simplex(dimension);
        for (var start = 0; start < points; start += Simplex.Block)
        {
            var block = Enumerable.Range(0, dimension * Simplex.Block).Select(i => features[(i / Simplex.Block * points) + start + (i % Simplex.Block)]).ToArray();
            simplex.Enclose(block);
            for (var lane = 0; lane < Simplex.Block; lane++)
                Assert.Equal(ranks.AsSpan((start + lane) * (dimension + 1), dimension + 1).ToArray(), Enumerable.Range(0, dimension + 1).Select(i => simplex.Rank(lane, i)));
        }
    }

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void The_filter_and_its_transpose_equal_the_original(int dimension)
    {
        var team = new WorkerTeam(2);
        var features = CrfReference.Array<float>($"lattice/d{dimension}_features.npy").Values;
        var filter = new LatticeFilter(new PermutohedralLattice(features, dimension, team), KernelNormalization.None, team);
        var values = CrfReference.Array<float>($"lattice/d{dimension}_values.npy");
        var (channels, points) = (values.Shape[0], values.Shape[1]);

        // Channels as slots of a row of 8, as inference has them.
        var rows = new float[points * 8];
        for (var i = 0; i < values.Values.Length; i++)
            rows[(i % points * 8) + (i / points)] = values.Values[i];
        foreach (var (file, axes) in new[] { ("forward", Enumerable.Range(0, dimension + 1)), ("reverse", Enumerable.Range(0, dimension + 1).Reverse()) })
        {
            var expected = CrfReference.Array<float>($"lattice/d{dimension}_{file}.npy").Values;
            var vertices = new float[filter.Vertices * 8];
            filter.Splat<Lanes8>(0, filter.Vertices, rows, 8, vertices, 8, 0);
            foreach (var axis in axes)
            {
                for (var part = 0; part < filter.BlurParts(axis); part++)
                    filter.Blur<Lanes8>(axis, part, vertices, 8, 0);
            }

            var row = new float[8];
            for (var i = 0; i < expected.Length; i++)
            {
                filter.Slice<Lanes8>(i % points, vertices, 8, 0).Store(ref row[0]);
                AssertNear(expected[i], row[i / points]);
            }
        }

        var ones = filter.Apply([.. Enumerable.Repeat(1f, points)], team);
        foreach (var (expected, actual) in CrfReference.Array<float>($"lattice/d{dimension}_ones.npy").Values.Zip(ones))
            AssertNear(expected, actual);
        Assert.InRange(channels, 1, 8);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Vertex_counts_and_sums_of_kernels_equal_the_original(string name)
    {
        var team = new WorkerTeam(2);
        var photo = CrfReference.Photo(name);
        var options = CrfReference.Options(name, 0);
        var layout = new PixelLayout(photo.Width, photo.Height, options.PixelOrder);
        foreach (var kernel in CrfReference.Kernels(name))
        {
            var plain = kernel.GetProperty("type").GetString() == "gaussian"
                ? DenseCrf.CreateFilter(options.Gaussian! with { Normalization = KernelNormalization.None }, layout, team)
                : DenseCrf.CreateFilter(options.Bilateral! with { Normalization = KernelNormalization.None }, layout, photo, team);

            // The original's SSE code adds points where the number of pixels is not a multiple of 4; the counts without them are in the README.
            var expected = (name, plain.Axes) switch
            {
                ("tiny_odd", 6) => 703,
                ("tiny_odd_dark", 6) => 568,
                _ => kernel.GetProperty("lattice_points").GetInt32(),
            };
            var tolerance = name.StartsWith("large_deconvnet", StringComparison.Ordinal) ? 5 : 0;
            Assert.InRange(plain.Vertices, expected - tolerance, expected + tolerance);
            if (!kernel.TryGetProperty("ones_file", out var file))
                continue;

            var ones = plain.Apply([.. Enumerable.Repeat(1f, plain.Points)], team);
            var sums = CrfReference.Array<float>(file.GetString()!).Values;
            for (var i = 0; i < sums.Length; i++)
                AssertNear(sums[i], ones[layout[i % photo.Width, i / photo.Width]]);
        }
    }

    private static void AssertNear(float expected, float actual) => Assert.Equal(expected, actual, Math.Max(2e-5f * Math.Abs(expected), 1e-7f));
}
