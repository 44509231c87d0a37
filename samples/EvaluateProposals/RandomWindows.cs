using DeconvNet.Imaging;
using DeconvNet.Proposals;

namespace EvaluateProposals;

/// <summary>Boxes between two random columns and two random rows, the baseline that any method must beat. They are the same for images of the same size.</summary>
internal sealed class RandomWindows : IProposalGenerator
{
    private const int MinSide = 16;

    public IReadOnlyList<Proposal> Generate(RgbImage image, int maxCount, CancellationToken cancellationToken = default)
    {
        var random = new Random((image.Width * 10_000) + image.Height);
        var proposals = new Proposal[maxCount];
        for (var i = 0; i < proposals.Length; i++)
        {
            var (x0, x1) = Ends(random, image.Width);
            var (y0, y1) = Ends(random, image.Height);
            proposals[i] = new Proposal(new PixelBox(x0, y0, x1, y1), 1f / (i + 1));
        }

        return proposals;
    }

    private static (int From, int To) Ends(Random random, int length)
    {
        while (length > MinSide)
        {
            var (a, b) = (random.Next(length + 1), random.Next(length + 1));
            if (Math.Abs(a - b) >= MinSide)
                return (Math.Min(a, b), Math.Max(a, b));
        }

        return (0, length);
    }
}
