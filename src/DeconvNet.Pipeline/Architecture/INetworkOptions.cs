using DeconvNet.Imaging;

namespace DeconvNet.Architecture;

/// <summary>What the options of all networks have in common.</summary>
internal interface INetworkOptions
{
    int ClassCount { get; }

    Preprocessing Preprocessing { get; }

    double BatchNormEpsilon { get; }

    /// <summary>The layer table of the network.</summary>
    IReadOnlyList<LayerSpec> MakeRows();

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    void Validate();
}
