using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DeconvNet.Runtime;

/// <summary>A file that lives in memory only (Linux <c>memfd_create</c>) and belongs to this process alone: nobody else can write to it, and nothing is left when the process ends.</summary>
internal static partial class MemoryFile
{
    private const uint CloseOnExec = 1;

    /// <summary>Writes <paramref name="content"/> to a new memory file and returns its path; the file lives until the process ends.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static string Create(string name, ReadOnlySpan<byte> content)
    {
        var descriptor = CreateDescriptor(name, CloseOnExec);
        if (descriptor < 0)
            throw new IOException($"The system made no memory file: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(handle, content, 0);
        if (RandomAccess.GetLength(handle) != content.Length)
            throw new IOException($"The system kept {RandomAccess.GetLength(handle)} of {content.Length} bytes of a memory file.");

        // Left open on purpose once it is whole: the path names the descriptor, and debuggers read the library by it.
        handle.SetHandleAsInvalid();
        return $"/proc/self/fd/{descriptor}";
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateDescriptor(string name, uint flags);
}
