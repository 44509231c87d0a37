namespace DeconvNet.Weights;

/// <summary>What <c>VggWeights.Initialize</c> did. Immutable.</summary>
/// <param name="Copied">Layers of the network that now compute what those of the file do, in order.</param>
/// <param name="Kept">Layers of the encoder that keep the weights they had: the file has none, or fc6 and fc7 of another size.</param>
/// <param name="Unused">Tensors of the file that play no part, such as the classifier's last layer.</param>
/// <param name="Input">What pixels the file was taken to be made for: <see cref="VggInput"/>, or the preprocessing that a DeconvNet's file names.</param>
public sealed record VggStart(IReadOnlyList<string> Copied, IReadOnlyList<string> Kept, IReadOnlyList<string> Unused, string Input);
