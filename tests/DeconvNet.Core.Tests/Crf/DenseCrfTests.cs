using DeconvNet.Crf;
using DeconvNet.Crf.Lattice;

namespace DeconvNet.Tests.Crf;

public class DenseCrfTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(3)]
    [InlineData(21)]
    [InlineData(40)]
    public void The_result_does_not_depend_on_the_number_of_threads(int labels)
    {
        var (photo, unaries) = (CrfScenes.Photo(61, 47, 1), CrfScenes.Random(labels, 61, 47, 2));
        foreach (var options in new[] { CrfOptions.DeconvNet, CrfOptions.Default })
        {
            var single = CrfScenes.Infer(options with { MaxDegreeOfParallelism = 1 }, photo, unaries);
            Assert.Equal(single, CrfScenes.Infer(options with { MaxDegreeOfParallelism = 2 }, photo, unaries));
            Assert.Equal(single, CrfScenes.Infer(options with { MaxDegreeOfParallelism = 5 }, photo, unaries));
        }
    }

    [Fact]
    public void Parallel_calls_of_one_object_give_what_calls_in_turn_give()
    {
        var crf = new DenseCrf(CrfOptions.Default with { MaxDegreeOfParallelism = 2 });
        var sizes = new[] { (31, 20), (20, 31), (40, 9), (9, 40), (12, 12), (31, 20) };
        var expected = sizes.Select((size, i) => One(size, i)).ToArray();
        var actual = new float[sizes.Length][];
        Parallel.For(0, sizes.Length, i => actual[i] = One(sizes[i], i));
        Assert.Equal(expected, actual);

        float[] One((int Width, int Height) size, int seed)
            => crf.Infer(CrfScenes.Photo(size.Width, size.Height, seed), CrfScenes.Random(4, size.Width, size.Height, seed)).Values.ToArray();
    }

    [Fact]
    public void Any_number_of_threads_may_be_asked_for()
    {
        var (photo, unaries) = (CrfScenes.Photo(61, 47, 1), CrfScenes.Random(4, 61, 47, 2));
        var expected = CrfScenes.Infer(CrfOptions.Default with { MaxDegreeOfParallelism = 1 }, photo, unaries);

        Assert.Equal(expected, CrfScenes.Infer(CrfOptions.Default with { MaxDegreeOfParallelism = int.MaxValue }, photo, unaries));
        Assert.Equal(expected, CrfScenes.Infer(CrfOptions.Default, photo, unaries));
    }

    [Fact]
    public void No_threads_are_created_for_an_image()
    {
        var crf = new DenseCrf(CrfOptions.Default with { MaxDegreeOfParallelism = 4 });
        var (photo, unaries) = (CrfScenes.Photo(61, 47, 1), CrfScenes.Random(4, 61, 47, 2));
        crf.Infer(photo, unaries, cancellationToken: Cancellation);
        var most = 0;
        for (var i = 0; i < 20; i++)
        {
            crf.Infer(photo, unaries, new AtEach(() => most = Math.Max(most, OwnThreads())), Cancellation);
        }

        Assert.Equal(0, most);

        // Threads that the library names; those of the pool carry the runtime's name.
        static int OwnThreads() => !Directory.Exists("/proc/self/task") ? 0 : Directory.GetDirectories("/proc/self/task")
            .Count(task => File.Exists(task + "/comm") && File.ReadAllText(task + "/comm").StartsWith("DeconvNet CRF", StringComparison.Ordinal));
    }

    [Fact]
    public void A_busy_thread_pool_delays_nothing()
    {
        using var release = new ManualResetEventSlim();
        ThreadPool.GetMinThreads(out var threads, out _);
        var blocked = Enumerable.Range(0, 4 * threads).Select(_ => Task.Run(release.Wait, Cancellation)).ToArray();
        var (photo, unaries) = (CrfScenes.Photo(61, 47, 1), CrfScenes.Random(4, 61, 47, 2));

        var values = CrfScenes.Infer(CrfOptions.Default with { MaxDegreeOfParallelism = 4 }, photo, unaries);

        release.Set();
        Assert.Equal(CrfScenes.Infer(CrfOptions.Default with { MaxDegreeOfParallelism = 1 }, photo, unaries), values);
    }

    [Fact]
    public async Task A_lattice_that_is_being_made_holds_up_no_other_size()
    {
        var cache = new FilterCache();
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var slow = Task.Run(
            () => cache.Get(new(1, 1), () =>
            {
                begun.Set();
                release.Wait();
                return Filter();
            }),
            Cancellation);
        begun.Wait(Cancellation);

        var quick = cache.Get(new(2, 2), Filter);
        Assert.Same(quick, cache.Get(new(2, 2), () => throw new InvalidOperationException("Made twice.")));
        Assert.Throws<ArgumentException>(() => cache.Get(new(3, 3), () => throw new ArgumentException("too large")));
        Assert.NotNull(cache.Get(new(3, 3), Filter));

        release.Set();
        Assert.Same(await slow, cache.Get(new(1, 1), () => throw new InvalidOperationException("Made twice.")));

        static LatticeFilter Filter() => DenseCrf.CreateFilter(new GaussianKernel(), new PixelLayout(4, 3, PixelOrder.RowMajor), new WorkerTeam(1));
    }

    [Fact]
    public void A_worker_team_does_each_part_once_and_passes_exceptions_on()
    {
        var team = new WorkerTeam(4);
        for (var round = 0; round < 300; round++)
        {
            var done = new int[round];
            var inside = new int[team.Workers];
            team.Run(round, (part, worker) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref inside[worker]));
                Interlocked.Increment(ref done[part]);
                Interlocked.Decrement(ref inside[worker]);
            });
            Assert.All(done, count => Assert.Equal(1, count));
        }

        Assert.Throws<AggregateException>(() => team.Run(100, (part, _) => ArgumentOutOfRangeException.ThrowIfEqual(part, 50)));
        var again = 0;
        team.Run(10, (_, _) => Interlocked.Increment(ref again));
        Assert.Equal(10, again);
    }

    [Fact]
    public void Marginals_sum_to_1()
    {
        var marginals = new DenseCrf(CrfOptions.DeconvNet).Infer(CrfScenes.Photo(33, 22, 3), CrfScenes.Random(21, 33, 22, 4), cancellationToken: Cancellation);
        for (var pixel = 0; pixel < 33 * 22; pixel++)
            Assert.Equal(1f, Enumerable.Range(0, 21).Sum(label => marginals.Plane(label)[pixel]), 1e-5f);
    }

    [Fact]
    public void Permuting_labels_permutes_the_result()
    {
        var (photo, unaries) = (CrfScenes.Photo(30, 24, 5), CrfScenes.Random(11, 30, 24, 6));
        var order = Enumerable.Range(0, 11).Select(label => (label * 4) % 11).ToArray();
        var permuted = new UnaryEnergies(11, 30, 24, [.. order.SelectMany(label => unaries.Plane(label).ToArray())]);

        var expected = new DenseCrf().Infer(photo, unaries, cancellationToken: Cancellation);
        var actual = new DenseCrf().Infer(photo, permuted, cancellationToken: Cancellation);
        for (var i = 0; i < 11; i++)
        {
            foreach (var (a, b) in expected.Plane(order[i]).ToArray().Zip(actual.Plane(i).ToArray()))
                Assert.Equal(a, b, 1e-5f);
        }
    }

    [Fact]
    public void A_constant_added_to_all_energies_of_a_pixel_changes_nothing()
    {
        var (photo, unaries) = (CrfScenes.Photo(20, 15, 7), CrfScenes.Random(3, 20, 15, 8));
        var shifted = new UnaryEnergies(3, 20, 15, [.. unaries.Values.Select((value, i) => value + (i % 300 % 7))]);
        foreach (var (a, b) in CrfScenes.Infer(CrfOptions.Default, photo, unaries).Zip(CrfScenes.Infer(CrfOptions.Default, photo, shifted)))
            Assert.Equal(a, b, 1e-5f);
    }

    [Fact]
    public void Labels_that_are_nowhere_likely_change_nothing_for_others()
    {
        // 30 labels, 5 of them relevant: the others are skipped by the filters, but are part of the result.
        var (photo, few) = (CrfScenes.Photo(30, 24, 9), CrfScenes.Random(5, 30, 24, 10));
        var values = new float[30 * 720];
        Array.Fill(values, 60f);
        few.Values.CopyTo(values.AsSpan(12 * 720));
        var alone = CrfScenes.Infer(CrfOptions.Default, photo, few);
        var among = new DenseCrf().Infer(photo, new UnaryEnergies(30, 30, 24, values), cancellationToken: Cancellation);
        for (var label = 0; label < 30; label++)
        {
            var plane = among.Plane(label).ToArray();
            if (label is >= 12 and < 17)
                Assert.All(plane.Zip(alone.AsSpan((label - 12) * 720, 720).ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
            else
                Assert.All(plane, value => Assert.InRange(value, 0, 1e-20f));
        }
    }

    [Fact]
    public void A_label_that_was_nowhere_likely_can_become_so()
    {
        // Labels 0 to 8 forbid each other where they meet; label 9 costs 40 and is compatible with all of them.
        const int labels = 10, pixels = 64;
        var costs = new float[labels, labels];
        for (var row = 0; row < labels; row++)
        {
            for (var column = 0; column < labels; column++)
                costs[row, column] = row < 9 && column < 9 ? 100 : 0;
        }

        var energies = Enumerable.Repeat(0f, 9 * pixels).Concat(Enumerable.Repeat(40f, pixels)).ToArray();
        var options = CrfOptions.Default with { Iterations = 1, Gaussian = new() { Compatibility = LabelCompatibility.Matrix(costs) }, Bilateral = null };
        var marginals = new DenseCrf(options).Infer(CrfScenes.Photo(8, 8, 1), new UnaryEnergies(labels, 8, 8, energies), cancellationToken: Cancellation);
        Assert.All(marginals.Plane(9).ToArray(), value => Assert.InRange(value, 0.9f, 1));
        Assert.All(marginals.ToLabelMap().Pixels.ToArray(), label => Assert.Equal(9, label));
    }

    [Fact]
    public void Diagonal_and_matrix_say_the_same_as_Potts_where_they_hold_the_same()
    {
        var (photo, unaries) = (CrfScenes.Photo(25, 19, 11), CrfScenes.Random(9, 25, 19, 12));
        var matrix = new float[9, 9];
        for (var label = 0; label < 9; label++)
            matrix[label, label] = -2;

        var potts = With(LabelCompatibility.Potts(2));
        Assert.Equal(potts, With(LabelCompatibility.Diagonal([.. Enumerable.Repeat(-2f, 9)])));
        Assert.All(potts.Zip(With(LabelCompatibility.Matrix(matrix))), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

        float[] With(LabelCompatibility compatibility)
            => CrfScenes.Infer(CrfOptions.Default with { Gaussian = null, Bilateral = new() { Compatibility = compatibility } }, photo, unaries);
    }

    [Fact]
    public void Progress_is_reported_per_iteration_and_cancellation_ends_the_work()
    {
        var (photo, unaries) = (CrfScenes.Photo(20, 20, 1), CrfScenes.Random(3, 20, 20, 2));
        var told = new List<WorkProgress>();
        new DenseCrf(CrfOptions.DeconvNet).Infer(photo, unaries, new Told(told.Add), Cancellation);
        Assert.Equal(Enumerable.Range(0, 11).Select(done => new WorkProgress(done, 10)), told);

        using var source = new CancellationTokenSource();
        told.Clear();
        var stopping = new Told(progress =>
        {
            told.Add(progress);
            if (progress.Done == 3)
                source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => new DenseCrf(CrfOptions.DeconvNet).Infer(photo, unaries, stopping, source.Token));
        Assert.Equal(3, told[^1].Done);
        Assert.Throws<OperationCanceledException>(() => new DenseCrf().Infer(photo, unaries, null, source.Token));
    }

    [Fact]
    public void Exponentials_are_as_exact_as_float32_allows_and_end_before_subnormals()
    {
        Span<float> row = stackalloc float[8];
        Span<float> target = stackalloc float[8];
        Span<float> largest = stackalloc float[8];
        for (var x = 0f; x > -60; x -= 0.0137f)
        {
            row.Fill(float.NegativeInfinity);
            (row[0], row[1]) = (0, x);
            RowSoftmax.Apply(row, ref target[0], 8, largest);
            var expected = Math.Exp(x) / (1 + Math.Exp(x));
            if (x < -46)
                Assert.Equal(0, target[1]);
            else
                Assert.Equal(expected, target[1], 4e-7 * expected);
            Assert.Equal(0, target[2]);
        }
    }

    private sealed class Told(Action<WorkProgress> action) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => action(value);
    }

    private sealed class AtEach(Action action) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => action();
    }
}
