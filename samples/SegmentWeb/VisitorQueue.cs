namespace SegmentWeb;

/// <summary>Lets in so many visitors, and serves one at a time in the order of their photos: one photo uses all cores.</summary>
internal sealed class VisitorQueue(int maxVisitors)
{
    private readonly Lock gate = new();
    private readonly List<Place> line = [];
    private TaskCompletionSource moved = NewSignal();
    private int inside;

    /// <summary>A place for a visitor, to be disposed when served or gone; null where all are taken.</summary>
    public Place? TryEnter()
    {
        lock (gate)
        {
            if (inside >= maxVisitors)
                return null;
            inside++;
            return new Place(this);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Of one visitor.</summary>
    internal sealed class Place(VisitorQueue queue) : IDisposable
    {
        private bool left;

        /// <summary>Joins the line and waits for the turn. Who still uploads holds up nobody.</summary>
        /// <param name="waiting">Hears how many are ahead, whenever the line moves.</param>
        /// <param name="cancellationToken">Ends the wait.</param>
        public async Task WaitForTurnAsync(Action<int> waiting, CancellationToken cancellationToken)
        {
            lock (queue.gate)
                queue.line.Add(this);
            while (true)
            {
                int ahead;
                Task moved;
                lock (queue.gate)
                    (ahead, moved) = (queue.line.IndexOf(this), queue.moved.Task);
                if (ahead == 0)
                    return;
                waiting(ahead);
                await moved.WaitAsync(cancellationToken);
            }
        }

        public void Dispose()
        {
            TaskCompletionSource signal;
            lock (queue.gate)
            {
                if (left)
                    return;
                left = true;
                queue.inside--;
                queue.line.Remove(this);
                (signal, queue.moved) = (queue.moved, NewSignal());
            }

            signal.SetResult();
        }
    }
}
