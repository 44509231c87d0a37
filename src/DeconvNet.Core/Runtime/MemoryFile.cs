using System.ComponentModel;
using System.Runtime.InteropServices;

namespace DeconvNet.Runtime;

/// <summary>A file that lives in memory only (Linux <c>memfd_create</c>) and has a path as long as the process holds it.</summary>
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

        // The handle is left open on purpose: the loader maps the file by this path.
        var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: false);
        RandomAccess.Write(handle, content, 0);
        return $"/proc/self/fd/{descriptor}";
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateDescriptor(string name, uint flags);
}
