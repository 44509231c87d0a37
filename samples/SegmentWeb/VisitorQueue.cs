namespace SegmentWeb;

/// <summary>Admits a limited number of visitors and serves one at a time, in the order of their uploads: one photo uses all cores.</summary>
internal sealed class VisitorQueue(int maxVisitors)
{
    private readonly Lock gate = new();
    private readonly List<Place> line = [];
    private TaskCompletionSource moved = NewSignal();
    private int inside;

    /// <summary>A place for a visitor, to be disposed when they are served or have left; null if the queue is full.</summary>
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

    /// <summary>The place of one visitor.</summary>
    internal sealed class Place(VisitorQueue queue) : IDisposable
    {
        private bool left;

        /// <summary>Joins the queue and waits for the visitor's turn. Visitors who are still uploading do not block others.</summary>
        /// <param name="waiting">Receives the number of visitors ahead whenever the queue moves.</param>
        /// <param name="cancellationToken">Cancels waiting.</param>
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
