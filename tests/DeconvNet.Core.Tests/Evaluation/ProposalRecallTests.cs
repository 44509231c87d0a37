using DeconvNet.Datasets;
using DeconvNet.Evaluation;
using DeconvNet.Evaluation.Metrics;
using DeconvNet.Imaging;
using DeconvNet.Proposals;
using DeconvNet.Tests.Data;

namespace DeconvNet.Tests.Evaluation;

public sealed class ProposalRecallTests
{
    private static readonly PixelBox Square = new(0, 0, 10, 10);
    private static readonly PixelBox Half = new(0, 0, 10, 5);
    private static readonly PixelBox Most = new(0, 0, 10, 8);
    private static readonly PixelBox Elsewhere = new(50, 50, 60, 60);

    [Fact]
    public void An_object_is_covered_from_the_first_proposal_on_that_overlaps_enough()
    {
        var recall = new ProposalRecall();
        recall.Add([Square], Proposals(Elsewhere, Half, Most));

        Assert.Equal([0.0, 1, 1], new[] { 1, 2, 3 }.Select(count => recall.Recall(count, 0.5)));
        Assert.Equal([0.0, 0, 1], new[] { 1, 2, 3 }.Select(count => recall.Recall(count, 0.7)));
        Assert.Equal([0.0, 0.5, 0.8, 0.8], new[] { 1, 2, 3, 1000 }.Select(recall.AverageBestOverlap));
    }

    [Fact]
    public void An_overlap_of_exactly_one_half_counts()
    {
        var recall = new ProposalRecall();
        recall.Add([Square], Proposals(Half));

        Assert.Equal(1, recall.Recall(1, 0.5));
        Assert.Equal(0, recall.Recall(1, Math.BitIncrement(0.5)));
    }

    [Fact]
    public void Objects_count_alike_whatever_image_they_are_in()
    {
        var recall = new ProposalRecall();
        recall.Add([Square, Elsewhere, new PixelBox(20, 20, 30, 30)], Proposals(Square, Elsewhere));
        recall.Add([Square], Proposals(Elsewhere));
        recall.Add([], Proposals(Square));

        Assert.Equal((4, 3, 4), (recall.ObjectCount, recall.ImageCount, recall.ProposalCount));
        Assert.Equal(0.25, recall.Recall(1, 0.5));
        Assert.Equal(0.5, recall.Recall(2, 0.5));
        Assert.Equal(0.5, recall.AverageBestOverlap(2));
    }

    [Fact]
    public void A_worse_proposal_later_takes_nothing_away()
    {
        var recall = new ProposalRecall();
        recall.Add([Square], Proposals(Most, Half, Elsewhere));

        Assert.Equal(0.8, recall.AverageBestOverlap(3));
    }

    [Fact]
    public void Without_objects_there_is_no_recall()
    {
        var recall = new ProposalRecall();
        recall.Add([], Proposals(Square));

        Assert.Equal(double.NaN, recall.Recall(1, 0.5));
        Assert.Equal(double.NaN, recall.AverageBestOverlap(1));
    }

    [Fact]
    public void Numbers_and_overlaps_out_of_range_are_refused()
    {
        var recall = new ProposalRecall();

        Assert.Throws<ArgumentOutOfRangeException>("count", () => recall.Recall(0, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => recall.AverageBestOverlap(0));
        Assert.Throws<ArgumentOutOfRangeException>("overlap", () => recall.Recall(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("overlap", () => recall.Recall(1, double.NaN));
    }

    [Fact]
    public void A_data_set_is_measured_with_its_annotated_objects()
    {
        using var voc = new MiniVoc().WithCat("a").WithCat("b", width: 20).WithSet("val", "a", "b");
        var images = new VocDataset(voc.Root, "val");
        var cat = images.LoadObjects(0).Single(thing => !thing.Difficult).Box;

        var recall = new FixedProposals(Proposals(cat)).Evaluate(images, 10, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((2, 2, 1.0), (recall.ImageCount, recall.ObjectCount, recall.Recall(1, 1)));
    }

    private static Proposal[] Proposals(params PixelBox[] boxes) => [.. boxes.Select((box, i) => new Proposal(box, 1f / (i + 1)))];
}
