namespace DeconvNet.Crf.Lattice;

/// <summary>A point or vertex that a sum reads, and its factor.</summary>
internal readonly record struct Tap(int Index, float Weight);
