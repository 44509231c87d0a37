using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace DeconvNet.Runtime;

internal static class StartUp
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The hook must be in place before TorchSharp is first touched: a type initialiser that failed stays failed.")]
    internal static void Run() => TorchLibraryResolver.Install();
}
