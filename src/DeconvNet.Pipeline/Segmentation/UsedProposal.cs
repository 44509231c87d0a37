using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

/// <summary>A proposal that the network looked at, in the photo's pixels.</summary>
/// <param name="Box">The proposal as it was found.</param>
/// <param name="Crop">The square that the network saw; it may leave the photo.</param>
/// <param name="Score">Objectness; higher is better, no fixed range.</param>
public readonly record struct UsedProposal(PixelBox Box, PixelBox Crop, float Score);
