using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DeconvNet.Proposals.Forest;

/// <summary>
/// A structured forest: trees that predict the edges of a patch of an image from its colors and gradients
/// (Dollár and Zitnick, <em>Fast Edge Detection Using Structured Forests</em>, PAMI 2015). Immutable and thread-safe.
/// </summary>
/// <remarks>Reads the files of OpenCV's <c>ximgproc.StructuredEdgeDetection</c> (<c>model.yml.gz</c>); the library does not include one.</remarks>
public sealed class StructuredForest
{
    internal StructuredForest(ForestShape shape, ForestNode[] nodes, ushort[] bins)
    {
        Shape = shape;
        Nodes = nodes;
        Bins = bins;
        NodesPerTree = nodes.Length / shape.NumberOfTrees;
    }

    /// <summary>Sizes of patches, features and trees.</summary>
    internal ForestShape Shape { get; }

    /// <summary>Number of nodes per tree, including unused ones.</summary>
    internal int NodesPerTree { get; }

    /// <summary>The nodes, tree after tree.</summary>
    internal ForestNode[] Nodes { get; }

    /// <summary>Pixels of the inner patch, column by column, that the leaves mark as edges.</summary>
    internal ushort[] Bins { get; }

    /// <summary>The shape and a hash of the trees, which identify the forest.</summary>
    public override string ToString()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(Nodes.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(Bins.AsSpan()));
        return $"{Shape}, trees {Convert.ToHexString(hash.GetHashAndReset())[..16]}";
    }

    /// <summary>Reads a model file of OpenCV, gzip-compressed or not.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is not a forest, or damaged; the message names the file and what was expected.</exception>
    public static StructuredForest Load(string path)
    {
        using var file = InputFile.Open(path, "a file of OpenCV's structured forest");
        return Load(file, path);
    }

    /// <summary>Reads a forest from a stream, gzip-compressed or not, to its end.</summary>
    /// <param name="stream">The stream; it is left open.</param>
    /// <param name="name">Name in error messages.</param>
    /// <exception cref="InvalidDataException">The data is not a forest, or damaged; the message says what was expected.</exception>
    public static StructuredForest Load(Stream stream, string name = "stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return StructuredForestReader.Read(stream, name);
    }
}

/// <summary>A node of a tree: a split if <paramref name="Child"/> is above 0, else a leaf.</summary>
/// <param name="Child">The left child's index in the tree; the right one follows it.</param>
/// <param name="Feature">The feature that is compared.</param>
/// <param name="Threshold">Patches with a smaller value go left.</param>
/// <param name="FirstBin">Start of the leaf's edges in <see cref="StructuredForest.Bins"/>.</param>
/// <param name="EndBin">End of the leaf's edges, exclusive.</param>
internal readonly record struct ForestNode(int Child, int Feature, float Threshold, int FirstBin, int EndBin);
