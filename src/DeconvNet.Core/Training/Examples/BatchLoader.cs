namespace DeconvNet.Training.Examples;

/// <summary>Prefetches batches on worker threads while the network runs. A batch is a function of its position only.</summary>
internal sealed class BatchLoader : IDisposable
{
    private readonly ExampleSampler sampler;
    private readonly IExampleMaker maker;
    private readonly int inputSize;
    private readonly int batchSize;
    private readonly Func<long, ExampleRandom> randomAt;
    private readonly int softClasses;
    private readonly int prefetch;
    private readonly Queue<Task<CropBatch>> ahead = new();
    private readonly CancellationTokenSource stop;
    private readonly IEnumerator<long> numbers;

    /// <param name="sampler">Draws the examples.</param>
    /// <param name="maker">Creates the examples.</param>
    /// <param name="inputSize">Side of the crops in pixels.</param>
    /// <param name="batchSize">Number of crops per batch.</param>
    /// <param name="softClasses">Number of classes of the teacher's distributions; 0 without a teacher.</param>
    /// <param name="randomAt">Returns the random numbers of the example at a position of the sequence.</param>
    /// <param name="numbers">Numbers of the batches, in the required order; endless.</param>
    /// <param name="prefetch">Number of batches prepared at the same time.</param>
    /// <param name="cancellationToken">Stops the workers.</param>
    public BatchLoader(ExampleSampler sampler, IExampleMaker maker, int inputSize, int batchSize, int softClasses, Func<long, ExampleRandom> randomAt, IEnumerable<long> numbers, int prefetch, CancellationToken cancellationToken)
    {
        this.sampler = sampler;
        this.maker = maker;
        this.inputSize = inputSize;
        this.batchSize = batchSize;
        this.softClasses = softClasses;
        this.randomAt = randomAt;
        this.prefetch = prefetch;
        this.numbers = numbers.GetEnumerator();
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    public CropBatch Next()
    {
        while (ahead.Count < prefetch)
        {
            numbers.MoveNext();
            var number = numbers.Current;
            ahead.Enqueue(Task.Run(() => Make(number), stop.Token));
        }

        return ahead.Dequeue().GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        stop.Cancel();
        while (ahead.TryDequeue(out var batch))
        {
            // What canceled workers throw does not matter, but they must have ended: they read the data set.
            batch.ContinueWith(static done => done.Exception, TaskScheduler.Default).Wait();
        }

        numbers.Dispose();
        stop.Dispose();
    }

    private CropBatch Make(long number)
    {
        var (planes, pixels) = (3 * inputSize * inputSize, inputSize * inputSize);
        var images = new float[batchSize * planes];
        var labels = new byte[batchSize * pixels];
        var soft = softClasses == 0 ? null : new float[batchSize * softClasses * pixels];
        for (var i = 0; i < batchSize; i++)
        {
            stop.Token.ThrowIfCancellationRequested();
            var random = randomAt((number * batchSize) + i);
            var window = sampler.Draw(ref random);
            maker.Make(window, ref random, images.AsSpan(i * planes, planes), labels.AsSpan(i * pixels, pixels), soft.AsSpan(i * softClasses * pixels, softClasses * pixels));
        }

        return new CropBatch(batchSize, inputSize, images, labels, soft);
    }
}
