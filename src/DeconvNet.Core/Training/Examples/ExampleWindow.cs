using DeconvNet.Imaging;

namespace DeconvNet.Training.Examples;

/// <summary>A candidate for a training example: a region of an image, and its class for class balancing.</summary>
/// <param name="Image">Index of the image in the data set.</param>
/// <param name="Box">The region, before it is made square and enlarged.</param>
/// <param name="ClassId">Class of its object; 0 if there is none.</param>
/// <param name="Object">Index of the object in its image if only this object is foreground; −1 if all classes count.</param>
internal readonly record struct ExampleWindow(int Image, PixelBox Box, int ClassId, int Object);
