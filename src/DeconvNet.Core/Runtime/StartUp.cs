using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace DeconvNet.Runtime;

internal static class StartUp
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Both must be in place before TorchSharp is first touched: a type initializer that failed stays failed, and an allocator serves from its first block on.")]
    internal static void Run()
    {
        GlibcHeap.KeepMemory();
        TorchLibraryResolver.Install();
    }
}
