using DeconvNet.Crf;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation.Scores;

public sealed partial class ScoreMap
{
    /// <summary>
    /// The map as unaries of a CRF: −ln of the softmax of logits; −ln of probabilities, made to sum to 1 and clipped at <paramref name="clip"/>.
    /// </summary>
    /// <param name="clip">Lower probabilities are raised to this, above 0 … 1; it has no effect on logits.</param>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public UnaryEnergies ToEnergies(float clip = 1e-5f) => Kind == ScoreKind.Logits
        ? UnaryEnergies.FromLogits(ClassCount, Width, Height, values)
        : UnaryEnergies.FromProbabilities(ClassCount, Width, Height, ToProbabilities().Values, clip);

    /// <summary>The map after a CRF: probabilities of the same size.</summary>
    /// <param name="photo">The photo; where its size is another, it is resized to the map's. Standard deviations are in pixels of the map.</param>
    /// <param name="crf">The CRF; one object for many photos saves time.</param>
    /// <param name="progress">Receives each finished iteration, on the calling thread.</param>
    /// <param name="cancellationToken">Ends the work before the next iteration at the latest.</param>
    /// <exception cref="ArgumentException">A score is NaN, or the CRF is for another number of labels.</exception>
    public ScoreMap Refine(RgbImage photo, DenseCrf crf, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(crf);
        var seen = (photo.Width, photo.Height) == (Width, Height) ? photo : photo.ResizeAntialiased(Width, Height);
        return new ScoreMap(ScoreKind.Probabilities, ClassCount, Width, Height, crf.Infer(seen, ToEnergies(), progress, cancellationToken).Detach());
    }
}
