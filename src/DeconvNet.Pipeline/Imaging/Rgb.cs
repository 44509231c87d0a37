namespace DeconvNet.Imaging;

/// <summary>An sRGB color of 8 bits per channel.</summary>
/// <param name="R">Red, 0 … 255.</param>
/// <param name="G">Green, 0 … 255.</param>
/// <param name="B">Blue, 0 … 255.</param>
public readonly record struct Rgb(byte R, byte G, byte B);
