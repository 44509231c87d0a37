using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DeconvNet.Runtime;

/// <summary>An in-memory file (Linux <c>memfd_create</c>), sealed against changes after it is written. It disappears when the process ends.</summary>
internal static partial class MemoryFile
{
    // memfd_create(2) and fcntl(2).
    private const uint CloseOnExec = 1;
    private const uint AllowSealing = 2;
    private const int AddSeals = 1033;
    private const int SealSeal = 1, SealShrink = 2, SealGrow = 4, SealWrite = 8;

    /// <summary>Writes <paramref name="content"/> to a new memory file and returns its path; the file lives until the process ends.</summary>
    /// <exception cref="IOException">The system call failed.</exception>
    public static string Create(string name, ReadOnlySpan<byte> content)
    {
        var descriptor = CreateDescriptor(name, CloseOnExec | AllowSealing);
        if (descriptor < 0)
            throw new IOException($"The system made no memory file: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(handle, content, 0);
        if (RandomAccess.GetLength(handle) != content.Length)
            throw new IOException($"The system kept {RandomAccess.GetLength(handle)} of {content.Length} bytes of a memory file.");

        if (Control(descriptor, AddSeals, SealSeal | SealShrink | SealGrow | SealWrite) != 0)
            throw new IOException($"The system did not seal a memory file: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");

        // Deliberately left open: the path refers to the descriptor, and debuggers read the library through it.
        handle.SetHandleAsInvalid();
        return $"/proc/self/fd/{descriptor}";
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateDescriptor(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);
}
