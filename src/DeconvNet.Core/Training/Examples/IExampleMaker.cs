namespace DeconvNet.Training.Examples;

/// <summary>Turns a drawn example into network input and targets. Thread-safe.</summary>
internal interface IExampleMaker
{
    /// <param name="window">What to show.</param>
    /// <param name="random">Decides scale, place and mirror.</param>
    /// <param name="planes">Receives the preprocessed input, <c>[3, S, S]</c>.</param>
    /// <param name="labels">Receives class ids, 255 = ignore, <c>[S, S]</c>.</param>
    /// <param name="soft">Zeros; receives the teacher's distributions, <c>[classes, S, S]</c>, which stay zero where it says nothing. Empty where there is no teacher.</param>
    void Make(ExampleWindow window, ref ExampleRandom random, Span<float> planes, Span<byte> labels, Span<float> soft);
}
