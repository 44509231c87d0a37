using DeconvNet.Imaging;

namespace DeconvNet.Training.Examples;

/// <summary>A candidate for a training example: a region of an image, and the class that it stands for when classes are balanced.</summary>
/// <param name="Image">Index of the image in the data set.</param>
/// <param name="Box">The region, not yet square or enlarged.</param>
/// <param name="ClassId">Class of the object that it was made for; 0 where it was made for none.</param>
/// <param name="Object">Index of that object in its image if only this object is foreground; −1 if all classes count.</param>
internal readonly record struct ExampleWindow(int Image, PixelBox Box, int ClassId, int Object);
