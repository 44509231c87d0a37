using System.Diagnostics.CodeAnalysis;

namespace DeconvNet.Networks;

/// <summary>
/// Who uses a model: any number of threads that run it, or one that moves, trains or disposes it. Each waits for the other, so that nobody reads memory that was
/// freed. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A disposed model is still asked whether it is; the events of the guard are freed by their finalizers.")]
internal sealed class ModelAccess
{
    // A training step, which changes the model, runs it too.
    private readonly ReaderWriterLockSlim guard = new(LockRecursionPolicy.SupportsRecursion);

    public bool IsDisposed { get; private set; }

    /// <summary>Waits until nobody changes the model, and keeps it from being changed until the result is disposed, on the same thread.</summary>
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

    /// <summary>Waits until nobody runs or changes the model, and keeps it so until the result is disposed, on the same thread.</summary>
    public Held Change()
    {
        guard.EnterWriteLock();
        return new(guard, isExclusive: true);
    }

    /// <summary>Lets nobody run the model any more; to be called while it is held for a change.</summary>
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
