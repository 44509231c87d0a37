using DeconvNet.Crf;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation.Scores;

public sealed partial class ScoreMap
{
    /// <summary>
    /// Converts to unary energies of a CRF: −ln of the softmax of logits, or −ln of probabilities, normalized and clipped at <paramref name="clip"/>.
    /// </summary>
    /// <param name="clip">Lower probabilities are raised to this value, above 0, at most 1; it has no effect on logits.</param>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public UnaryEnergies ToEnergies(float clip = 1e-5f) => Kind == ScoreKind.Logits
        ? UnaryEnergies.FromLogits(ClassCount, Width, Height, values)
        : UnaryEnergies.FromProbabilities(ClassCount, Width, Height, ToProbabilities().Values, clip);

    /// <summary>Refines the map with a CRF; returns probabilities of the same size.</summary>
    /// <param name="photo">The photo, which is resized to the size of the map. Standard deviations are in pixels of the map.</param>
    /// <param name="crf">The CRF; reuse one instance for many photos to save time.</param>
    /// <param name="progress">Reports each finished iteration, on the calling thread.</param>
    /// <param name="cancellationToken">Cancels the work, at the latest before the next iteration.</param>
    /// <exception cref="ArgumentException">A score is NaN, or the CRF is for a different number of labels.</exception>
    public ScoreMap Refine(RgbImage photo, DenseCrf crf, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(crf);
        var seen = (photo.Width, photo.Height) == (Width, Height) ? photo : photo.ResizeAntialiased(Width, Height);
        return new ScoreMap(ScoreKind.Probabilities, ClassCount, Width, Height, crf.Infer(seen, ToEnergies(), progress, cancellationToken).Detach());
    }
}
