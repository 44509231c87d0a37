using DeconvNet.Crf.Lattice;

namespace DeconvNet.Crf;

/// <summary>
/// Mean-field inference on one image (Krähenbühl and Koltun, algorithm 1). Values are stored pixel by pixel, all labels of a pixel together.
/// The worker team shares the steps; iterations do not allocate.
/// </summary>
internal sealed class MeanField : IDisposable
{
    private const int Grain = 1024;
    private const int Lanes = 8;

    // Floats between the accumulators of two workers, so that they never share a cache line.
    private const int Apart = 32;

    // A label that is nowhere more probable than this changes an exponent by at most this value times the number of pixels and the largest cost.
    private const float Negligible = 1e-12f;

    private readonly PixelLayout layout;
    private readonly WorkerTeam team;
    private readonly KernelMessages[] kernels;
    private readonly int[] labelOfSlot;
    private readonly int fullStride;
    private readonly ScratchArray<float> start;
    private readonly ScratchArray<float> marginals;
    private readonly float[] scratch;
    private readonly float[] largest;
    private readonly int splatParts;
    private readonly int[] blurParts;
    private readonly Action<int, int> splat;
    private readonly Action<int, int> blur;
    private readonly Action<int, int> update;
    private int axis;
    private int written;

    public MeanField(UnaryEnergies unaries, PixelLayout layout, IReadOnlyList<(LatticeFilter Filter, LabelCompatibility Compatibility)> filters, WorkerTeam team)
    {
        this.layout = layout;
        this.team = team;
        labelOfSlot = LabelSlots.Order(unaries);
        fullStride = (unaries.LabelCount + Lanes - 1) / Lanes * Lanes;
        scratch = new float[((2 * fullStride) + Apart) * team.Workers];
        largest = new float[(fullStride + Apart) * team.Workers];
        start = new ScratchArray<float>(checked(layout.Pixels * fullStride));
        marginals = new ScratchArray<float>(layout.Pixels * fullStride);
        kernels = [.. filters.Select(kernel => new KernelMessages(kernel.Filter, kernel.Compatibility, labelOfSlot, fullStride))];
        splatParts = kernels.Sum(kernel => kernel.SplatParts);
        blurParts = [.. Enumerable.Range(0, kernels.Select(kernel => kernel.Axes).DefaultIfEmpty().Max()).Select(along => kernels.Sum(kernel => kernel.BlurParts(along)))];
        (splat, blur, update) = (Splat, Blur, Update);
        team.Run(layout.Parts, (part, _) => layout.ToRows(part, unaries.Values, labelOfSlot, start.Array, fullStride));
    }

    public void Run(int iterations, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        Renew(fullStride);
        progress?.Report(new WorkProgress(0, iterations));
        for (var done = 0; done < iterations; done++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var stride = LikelySlots();
            foreach (var kernel in kernels)
                kernel.Stride = stride;
            team.Run(splatParts, splat);
            for (axis = 0; axis < blurParts.Length; axis++)
                team.Run(blurParts[axis], blur);

            cancellationToken.ThrowIfCancellationRequested();
            Renew(done == iterations - 1 ? fullStride : stride);
            progress?.Report(new WorkProgress(done + 1, iterations));
        }
    }

    /// <summary>The marginals <c>[labels, height, width]</c>.</summary>
    public float[] ToPlanes()
    {
        var planes = new float[labelOfSlot.Length * layout.Pixels];
        team.Run(layout.Parts, (part, _) => layout.ToPlanes(part, marginals.Array, written, labelOfSlot, planes));
        return planes;
    }

    public void Dispose()
    {
        foreach (var kernel in kernels)
            kernel.Dispose();
        start.Dispose();
        marginals.Dispose();
    }

    /// <summary>Updates the marginals from the messages; the first <paramref name="kept"/> slots are written, more if others have become likely.</summary>
    private void Renew(int kept)
    {
        written = kept;
        while (true)
        {
            Array.Clear(largest);
            team.Run((layout.Pixels + Grain - 1) / Grain, update);
            var likely = LikelySlots();
            if (likely <= written)
                return;
            written = likely;
        }
    }

    /// <summary>Number of slots up to the last one that is likely somewhere, rounded up to whole vectors.</summary>
    private int LikelySlots()
    {
        for (var slot = fullStride - 1; slot >= 0; slot--)
        {
            for (var worker = 0; worker < team.Workers; worker++)
            {
                if (largest[(worker * (fullStride + Apart)) + slot] > Negligible)
                    return (slot / Lanes * Lanes) + Lanes;
            }
        }

        return Lanes;
    }

    private void Splat(int part, int worker)
    {
        foreach (var kernel in kernels)
        {
            if (part < kernel.SplatParts)
            {
                kernel.Splat(part, marginals.Array, written);
                return;
            }

            part -= kernel.SplatParts;
        }
    }

    private void Blur(int part, int worker)
    {
        foreach (var kernel in kernels)
        {
            var parts = kernel.BlurParts(axis);
            if (part < parts)
            {
                kernel.Blur(axis, part);
                return;
            }

            part -= parts;
        }
    }

    private void Update(int part, int worker)
    {
        var own = scratch.AsSpan(worker * ((2 * fullStride) + Apart), 2 * fullStride);
        var row = own[..fullStride];
        var message = own[fullStride..];
        var likeliest = largest.AsSpan(worker * (fullStride + Apart), fullStride);
        for (var pixel = part * Grain; pixel < Math.Min(layout.Pixels, (part + 1) * Grain); pixel++)
        {
            start.Array.AsSpan(pixel * fullStride, fullStride).CopyTo(row);
            foreach (var kernel in kernels)
                kernel.AddTo(ref row[0], pixel, message);

            RowSoftmax.Apply(row, ref marginals.Array[pixel * written], written, likeliest);
        }
    }
}

/// <summary>
/// Orders labels by the number of pixels they win. Improbable labels soon drop out of the filters, and the remaining ones should be adjacent.
/// </summary>
internal static class LabelSlots
{
    private const int Sample = 16384;

    public static int[] Order(UnaryEnergies unaries)
    {
        var pixels = unaries.Width * unaries.Height;
        var wins = new int[unaries.LabelCount];
        for (var pixel = 0; pixel < pixels; pixel += Math.Max(1, pixels / Sample))
        {
            var best = 0;
            for (var label = 1; label < unaries.LabelCount; label++)
            {
                if (unaries.Values[(label * pixels) + pixel] < unaries.Values[(best * pixels) + pixel])
                    best = label;
            }

            wins[best]++;
        }

        return [.. Enumerable.Range(0, unaries.LabelCount).OrderByDescending(label => wins[label])];
    }
}
