using DeconvNet.Crf.Lattice;
using DeconvNet.Imaging;

namespace DeconvNet.Crf;

/// <summary>
/// The fully connected CRF of Krähenbühl and Koltun (NIPS 2011): every pixel is connected to every other pixel, more strongly if they are close in
/// position and color. Mean-field inference, with messages computed by filtering on the permutohedral lattice.
/// </summary>
/// <remarks>
/// Thread-safe; results are bit-identical whatever other calls run and however many threads are used. Work is shared with the thread pool. The lattice
/// of the Gaussian kernel is cached for the last four image sizes, so reuse one instance for many images. Memory is proportional to pixels times labels: 500×375 with 21 labels takes about
/// 130 MB during a call. Filters and marginals follow Krähenbühl's code, except that the number of pixels is not padded to a
/// multiple of 4.
/// </remarks>
public sealed class DenseCrf
{
    private readonly FilterCache gaussians = new();

    /// <summary>Creates a CRF.</summary>
    /// <param name="options">The parameters; <see cref="CrfOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public DenseCrf(CrfOptions? options = null)
    {
        Options = options ?? CrfOptions.Default;
        Options.Validate();
    }

    /// <summary>The parameters.</summary>
    public CrfOptions Options { get; }

    /// <summary>Computes the marginals of one image.</summary>
    /// <param name="image">The photo, whose colors the bilateral kernel uses.</param>
    /// <param name="unaries">Cost of each label at each pixel; same size as the image.</param>
    /// <param name="progress">Reports the number of finished iterations, first 0 once the lattices are built; called on the calling thread.</param>
    /// <param name="cancellationToken">Cancels the work, at the latest before the next iteration.</param>
    /// <exception cref="ArgumentException">
    /// The sizes differ, a compatibility is for a different number of labels, or the image is too large for the standard deviation.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public Marginals Infer(
        RgbImage image, UnaryEnergies unaries, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(unaries);
        if ((image.Width, image.Height) != (unaries.Width, unaries.Height))
            throw new ArgumentException($"The image is {image.Width}×{image.Height}, the energies are {unaries.Width}×{unaries.Height}.", nameof(unaries));
        RequireLabels(Options.Gaussian?.Compatibility, unaries);
        RequireLabels(Options.Bilateral?.Compatibility, unaries);
        cancellationToken.ThrowIfCancellationRequested();

        var layout = new PixelLayout(image.Width, image.Height, Options.PixelOrder);
        var team = new WorkerTeam(Options.MaxDegreeOfParallelism ?? Environment.ProcessorCount);
        var filters = new List<(LatticeFilter, LabelCompatibility)>();
        if (Options.Iterations > 0 && Options.Gaussian is { } gaussian)
            filters.Add((gaussians.Get(image.Size, () => CreateFilter(gaussian, layout, team)), gaussian.Compatibility));
        cancellationToken.ThrowIfCancellationRequested();
        if (Options.Iterations > 0 && Options.Bilateral is { } bilateral)
            filters.Add((CreateFilter(bilateral, layout, image, team), bilateral.Compatibility));
        cancellationToken.ThrowIfCancellationRequested();

        using var field = new MeanField(unaries, layout, filters, team);
        field.Run(Options.Iterations, progress, cancellationToken);
        return new Marginals(unaries.LabelCount, unaries.Width, unaries.Height, field.ToPlanes());
    }

    internal static LatticeFilter CreateFilter(GaussianKernel kernel, PixelLayout layout, WorkerTeam team)
        => new(new PermutohedralLattice(KernelFeatures.Of(kernel, layout), 2, team), kernel.Normalization, team);

    internal static LatticeFilter CreateFilter(BilateralKernel kernel, PixelLayout layout, RgbImage image, WorkerTeam team)
        => new(new PermutohedralLattice(KernelFeatures.Of(kernel, layout, image), 5, team), kernel.Normalization, team);

    private static void RequireLabels(LabelCompatibility? compatibility, UnaryEnergies unaries)
    {
        if (compatibility?.LabelCount is { } expected && expected != unaries.LabelCount)
            throw new ArgumentException($"The energies are of {unaries.LabelCount} labels, a compatibility in the options is for {expected}.", nameof(unaries));
    }
}
