using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DeconvNet;

/// <summary>Unix file functions that .NET does not expose.</summary>
internal static partial class UnixFile
{
    private const int CurrentFolder = -100;
    private const uint TypeAndMode = 3;
    private const int StatxLength = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>Whether a path is neither a file nor a folder: a device, a pipe, a socket.</summary>
    public static bool IsSpecial(string path)
    {
        if (!OperatingSystem.IsLinux())
            return OperatingSystem.IsWindows() ? Path.GetFullPath(path).StartsWith(@"\\.\", StringComparison.Ordinal) : path.StartsWith("/dev/", StringComparison.Ordinal);

        // Unlike that of stat, the layout of this struct is the same on every architecture.
        Span<byte> status = stackalloc byte[StatxLength];
        if (Statx(CurrentFolder, path, 0, TypeAndMode, ref MemoryMarshal.GetReference(status)) != 0)
            return false;
        var type = BinaryPrimitives.ReadUInt16LittleEndian(status[ModeOffset..]) & TypeMask;
        return type is not (RegularFile or Folder);
    }

    /// <summary>Flushes the entries of a folder to disk. Does nothing if the system or file system cannot do that: the content is on disk already.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var handle = Open(folder, 0);
        if (handle < 0)
            return;
        _ = Sync(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte status);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
