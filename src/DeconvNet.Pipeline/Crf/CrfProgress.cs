namespace DeconvNet.Crf;

/// <summary>How far the inference of one image has come.</summary>
/// <param name="Done">Iterations finished; 0 is told once the lattices stand.</param>
/// <param name="Total">Iterations in all.</param>
public readonly record struct CrfProgress(int Done, int Total);
