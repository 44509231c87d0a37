using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace DeconvNet.Runtime;

internal static class StartUp
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "All must be in place before TorchSharp is first touched: a type initializer that failed stays failed, an allocator serves from its first block on, and OpenMP reads its environment when it is loaded.")]
    internal static void Run()
    {
        GlibcHeap.KeepMemory();
        OpenMpWaiting.LetThreadsSleep();
        TorchLibraryResolver.Install();
    }
}
