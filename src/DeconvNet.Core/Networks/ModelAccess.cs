using System.Diagnostics.CodeAnalysis;

namespace DeconvNet.Networks;

/// <summary>
/// Reader-writer lock of a model: any number of threads may run it, or one may move, train or dispose it, so that freed memory is never
/// read. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A disposed model is still asked whether it is; the events of the guard are freed by their finalizers.")]
internal sealed class ModelAccess
{
    // A training step changes the model and also runs it.
    private readonly ReaderWriterLockSlim guard = new(LockRecursionPolicy.SupportsRecursion);

    public bool IsDisposed { get; private set; }

    /// <summary>Takes the lock for running the model, until the result is disposed on the same thread.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public Held Run(object model)
    {
        guard.EnterReadLock();
        var held = new Held(guard, isExclusive: false);
        if (!IsDisposed)
            return held;
        held.Dispose();
        throw new ObjectDisposedException(model.GetType().Name);
    }

    /// <summary>Takes the lock for changing the model, until the result is disposed on the same thread.</summary>
    public Held Change()
    {
        guard.EnterWriteLock();
        return new(guard, isExclusive: true);
    }

    /// <summary>Marks the model as disposed; to be called while the lock for changing it is held.</summary>
    public void Close() => IsDisposed = true;

    public readonly struct Held(ReaderWriterLockSlim guard, bool isExclusive) : IDisposable
    {
        public void Dispose()
        {
            if (isExclusive)
                guard.ExitWriteLock();
            else
                guard.ExitReadLock();
        }
    }
}
