namespace DeconvNet.Training.Examples;

/// <summary>Creates the network input and targets of an example. Thread-safe.</summary>
internal interface IExampleMaker
{
    /// <param name="window">The window of the example.</param>
    /// <param name="random">Determines scale, position and mirroring.</param>
    /// <param name="planes">Destination of the preprocessed input, <c>[3, S, S]</c>.</param>
    /// <param name="labels">Destination of the class ids, 255 = ignore, <c>[S, S]</c>.</param>
    /// <param name="soft">Destination of the teacher's distributions, <c>[classes, S, S]</c>, initially zero. Empty without a teacher.</param>
    void Make(ExampleWindow window, ref ExampleRandom random, Span<float> planes, Span<byte> labels, Span<float> soft);
}
