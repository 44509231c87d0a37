using DeconvNet.Crf;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

public sealed partial class ScoreMap
{
    /// <summary>
    /// The map as energies for a CRF: raw scores as −ln of their softmax, probabilities made to sum to 1 and not below <paramref name="clip"/>.
    /// </summary>
    /// <param name="clip">Lower probabilities are raised to this, above 0 … 1; raw scores stay as they are.</param>
    /// <exception cref="ArgumentException">A score is not a number.</exception>
    public UnaryEnergies ToEnergies(float clip = 1e-5f) => Kind == ScoreKind.Logits
        ? UnaryEnergies.FromScores(Classes, Width, Height, values)
        : UnaryEnergies.FromProbabilities(Classes, Width, Height, ToProbabilities().Values, clip);

    /// <summary>The map after a CRF: probabilities of the same size.</summary>
    /// <param name="photo">The photo; where its size is another, it is resized to the map's. Standard deviations are in pixels of the map.</param>
    /// <param name="crf">The CRF; one object for many photos saves time.</param>
    /// <param name="progress">Told about each finished iteration, on the calling thread.</param>
    /// <param name="cancellationToken">Ends the work before the next iteration at the latest.</param>
    /// <exception cref="ArgumentException">A score is not a number, or the CRF is made for another number of labels.</exception>
    public ScoreMap Refine(RgbImage photo, DenseCrf crf, IProgress<CrfProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(crf);
        var seen = (photo.Width, photo.Height) == (Width, Height) ? photo : photo.ResizeAntialiased(Width, Height);
        return new ScoreMap(ScoreKind.Probabilities, Classes, Width, Height, crf.Infer(seen, ToEnergies(), progress, cancellationToken).Detach());
    }
}
