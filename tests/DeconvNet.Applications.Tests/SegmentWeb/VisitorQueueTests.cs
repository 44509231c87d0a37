using SegmentWeb;

namespace DeconvNet.Applications.Tests.SegmentWeb;

/// <summary>Who is let in, and in what order they are served.</summary>
public class VisitorQueueTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void No_more_visitors_are_let_in_than_have_a_place()
    {
        var queue = new VisitorQueue(2);
        var first = queue.TryEnter();
        using var second = queue.TryEnter();
        Assert.NotNull(first);
        Assert.Null(queue.TryEnter());
        first.Dispose();
        first.Dispose();
        using var third = queue.TryEnter();
        Assert.NotNull(third);
        Assert.Null(queue.TryEnter());
    }

    [Fact]
    public async Task Visitors_are_served_in_the_order_in_which_they_joined_the_line_and_hear_who_is_ahead()
    {
        var queue = new VisitorQueue(4);
        var places = Enumerable.Range(0, 4).Select(_ => queue.TryEnter()!).ToArray();
        var heard = new List<int>();
        var turns = places.Select((place, i) => place.WaitForTurnAsync(i == 3 ? heard.Add : _ => { }, Cancellation)).ToArray();
        Assert.Equal([true, false, false, false], turns.Select(turn => turn.IsCompletedSuccessfully));

        // The second leaves without having been served; the line closes up.
        places[1].Dispose();
        await WaitUntil(() => heard.Count == 2);
        places[0].Dispose();
        await turns[2];
        await WaitUntil(() => heard.Count == 3);
        Assert.False(turns[3].IsCompleted);
        places[2].Dispose();
        await turns[3];
        Assert.Equal([3, 2, 1], heard);
        places[3].Dispose();
    }

    [Fact]
    public async Task A_slow_upload_holds_up_nobody()
    {
        var queue = new VisitorQueue(2);
        using var slow = queue.TryEnter()!;
        using var fast = queue.TryEnter()!;
        await fast.WaitForTurnAsync(_ => Assert.Fail("nobody is ahead"), Cancellation);
    }

    [Fact]
    public async Task A_wait_ends_when_its_token_is_canceled()
    {
        var queue = new VisitorQueue(2);
        using var stop = new CancellationTokenSource();
        using var first = queue.TryEnter()!;
        await first.WaitForTurnAsync(_ => { }, Cancellation);
        using var second = queue.TryEnter()!;
        var turn = second.WaitForTurnAsync(_ => { }, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turn);
    }

    private static async Task WaitUntil(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(5, Cancellation);
    }
}
