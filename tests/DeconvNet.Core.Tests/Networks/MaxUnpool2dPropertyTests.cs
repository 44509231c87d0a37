using CsCheck;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Networks;

[Collection(TorchTests.Name)]
[NoTensorLeaks]
public class MaxUnpool2dPropertyTests
{
    private static readonly Gen<Pooling> Poolings =
        from kernel in Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4])
        from stride in Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5])
        from padding in Gen.Select(Gen.Int[0, kernel.Item1 / 2], Gen.Int[0, kernel.Item2 / 2])
        from size in Gen.Select(Gen.Int[4, 11], Gen.Int[4, 11])
        from leading in Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3])
        from seed in Gen.Long[0, 1000]
        select new Pooling(kernel, stride, padding, [leading.Item1, leading.Item2, size.Item1, size.Item2], seed);

    [Fact]
    public void Pooling_again_gives_the_values_back_where_windows_do_not_overlap() =>
        Poolings.Where(pooling => pooling.Apart).Sample(
            pooling =>
            {
                using var scope = NewDisposeScope();
                using var unpool = pooling.Unpool();
                var (values, indices) = pooling.Pool(pooling.Image(positive: true));
                var (again, switches) = pooling.Pool(unpool.forward(values, indices, pooling.Shape));
                return again.Equals(values) && switches.Equals(indices);
            },
            iter: 100,
            threads: 1);

    [Fact]
    public void Values_of_overlapping_windows_go_back_to_where_they_came_from() =>
        Poolings.Sample(
            pooling =>
            {
                using var scope = NewDisposeScope();
                using var unpool = pooling.Unpool();
                var image = pooling.Image(positive: false);
                var (values, indices) = pooling.Pool(image);
                var output = unpool.forward(values, indices, pooling.Shape);
                return output.flatten(2).gather(2, indices.flatten(2)).Equals(values.flatten(2))
                    && output.ne(0).logical_and(output.ne(image)).any().ToBoolean() == false;
            },
            iter: 100,
            threads: 1);

    [Fact]
    public void Permuting_images_or_channels_permutes_results() =>
        Poolings.Sample(
            pooling =>
            {
                using var scope = NewDisposeScope();
                using var unpool = pooling.Unpool();
                var (_, indices) = pooling.Pool(pooling.Image(positive: false));
                var values = randn_like(indices.to(ScalarType.Float32));
                var output = unpool.forward(values, indices, pooling.Shape);
                return Enumerable.Range(0, 2).All(side =>
                {
                    var order = randperm(pooling.Shape[side]);
                    return unpool.forward(values.index_select(side, order), indices.index_select(side, order), pooling.Shape[2..])
                        .Equals(output.index_select(side, order));
                });
            },
            iter: 60,
            threads: 1);

    [Fact]
    public void Each_image_alone_gives_the_same_as_in_a_batch() =>
        Poolings.Sample(
            pooling =>
            {
                using var scope = NewDisposeScope();
                using var unpool = pooling.Unpool();
                var (values, indices) = pooling.Pool(pooling.Image(positive: false));
                var alone = Enumerable.Range(0, (int)pooling.Shape[0]).Select(i => unpool.forward(values[i], indices[i], pooling.Shape[1..]));
                return stack(alone).Equals(unpool.forward(values, indices, pooling.Shape));
            },
            iter: 60,
            threads: 1);

    [Fact]
    public void All_types_agree() =>
        Poolings.Sample(
            pooling =>
            {
                using var scope = NewDisposeScope();
                using var unpool = pooling.Unpool();
                var (values, indices) = pooling.Pool(pooling.Image(positive: false));
                var exact = values.to(ScalarType.BFloat16);
                var expected = unpool.forward(exact.to(ScalarType.Float64), indices, pooling.Shape);
                return new[] { ScalarType.BFloat16, ScalarType.Float32 }.All(type =>
                    unpool.forward(exact.to(type), indices, pooling.Shape).to(ScalarType.Float64).Equals(expected));
            },
            iter: 60,
            threads: 1);

    [Fact]
    public void Gradients_equal_central_differences() =>
        Poolings.Sample(
            pooling =>
            {
                using var scope = NewDisposeScope();
                using var unpool = pooling.Unpool();
                var (_, indices) = pooling.Pool(pooling.Image(positive: false));
                AssertGradient(unpool, randn(indices.shape, ScalarType.Float64), indices, pooling.Shape);
            },
            iter: 25,
            threads: 1);

    [Fact]
    public void Gradients_equal_central_differences_for_any_indices_at_all() =>
        Poolings.Sample(
            pooling =>
            {
                using var scope = NewDisposeScope();
                using var unpool = pooling.Unpool();
                var (values, _) = pooling.Pool(pooling.Image(positive: false));
                var indices = randint(pooling.Shape[2] * pooling.Shape[3], values.shape, ScalarType.Int64);
                AssertGradient(unpool, randn(indices.shape, ScalarType.Float64), indices, pooling.Shape);
            },
            iter: 25,
            threads: 1);

    private static void AssertGradient(MaxUnpool2d unpool, Tensor values, Tensor indices, long[] size)
    {
        const double step = 1e-6;
        var weights = randn(size, ScalarType.Float64);
        values.requires_grad_();
        Loss(values).backward();
        var gradient = values.grad!.data<double>().ToArray();
        var point = values.detach().data<double>().ToArray();
        for (var i = 0; i < point.Length; i++)
        {
            var numeric = (LossAt(i, step) - LossAt(i, -step)) / (2 * step);
            Assert.InRange(gradient[i], numeric - 1e-5 - (1e-3 * Math.Abs(numeric)), numeric + 1e-5 + (1e-3 * Math.Abs(numeric)));
        }

        double LossAt(int i, double change)
        {
            using var scope = NewDisposeScope();
            var moved = (double[])point.Clone();
            moved[i] += change;
            return Loss(tensor(moved).reshape(values.shape)).ToDouble();
        }

        // The square makes the derivative depend on the values.
        Tensor Loss(Tensor at) => (unpool.forward(at, indices, size).pow(2) * weights).sum();
    }

    private sealed record Pooling((int, int) Kernel, (int, int) Stride, (int, int) Padding, long[] Shape, long Seed)
    {
        public bool Apart => Stride.Item1 >= Kernel.Item1 && Stride.Item2 >= Kernel.Item2;

        public MaxUnpool2d Unpool() => new(Kernel, Stride, Padding);

        public (Tensor Values, Tensor Indices) Pool(Tensor image) => nn.functional.max_pool2d_with_indices(
            image, [Kernel.Item1, Kernel.Item2], [Stride.Item1, Stride.Item2], [Padding.Item1, Padding.Item2]);

        public Tensor Image(bool positive)
        {
            _ = manual_seed(Seed);
            return positive ? rand(Shape) + 1 : randn(Shape);
        }
    }
}
