using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DeconvNet;

/// <summary>What .NET does not tell of files and folders on Unix.</summary>
internal static partial class UnixFile
{
    private const int CurrentFolder = -100;
    private const uint TypeAndMode = 3;
    private const int StatxLength = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>Whether a path leads to something that is neither a file nor a folder: a device, a pipe, a socket.</summary>
    public static bool IsSpecial(string path)
    {
        if (!OperatingSystem.IsLinux())
            return OperatingSystem.IsWindows() ? Path.GetFullPath(path).StartsWith(@"\\.\", StringComparison.Ordinal) : path.StartsWith("/dev/", StringComparison.Ordinal);

        // A struct of fixed layout on every architecture, unlike that of stat.
        Span<byte> status = stackalloc byte[StatxLength];
        if (Statx(CurrentFolder, path, 0, TypeAndMode, ref MemoryMarshal.GetReference(status)) != 0)
            return false;
        var type = BinaryPrimitives.ReadUInt16LittleEndian(status[ModeOffset..]) & TypeMask;
        return type is not (RegularFile or Folder);
    }

    /// <summary>Puts the names in a folder on disk. Where the system or the file system cannot do that, nothing happens: the content is on disk already.</summary>
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
