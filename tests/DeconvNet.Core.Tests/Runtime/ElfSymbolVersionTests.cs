using DeconvNet.Runtime;

namespace DeconvNet.Tests.Runtime;

public class ElfSymbolVersionTests
{
    private const string Library = "libstdc++.so.6";
    private const string New = "GLIBCXX_3.4.32";
    private const string Old = "GLIBCXX_3.4.30";

    private static byte[] Image() => new ElfImage().Asks("libc.so.6", "GLIBC_2.34").Asks(Library, Old, "CXXABI_1.3", New).Asks("libm.so.6", "GLIBC_2.2.5").Build();

    [Fact]
    public void All_versions_asked_for_are_listed_with_their_library()
    {
        var needs = ElfSymbolVersion.Needs(Image()).Select(need => (need.Library, need.Version));
        Assert.Equal([("libc.so.6", "GLIBC_2.34"), (Library, Old), (Library, "CXXABI_1.3"), (Library, New), ("libm.so.6", "GLIBC_2.2.5")], needs);
    }

    [Fact]
    public void The_entry_asks_for_the_older_version_by_name_and_hash_and_nothing_else_changes()
    {
        var image = Image();
        var before = image.ToArray();
        var offset = ElfSymbolVersion.Needs(image).Single(need => need.Version == New).Offset;

        Assert.True(ElfSymbolVersion.Replace(image, Library, New, Old));

        Assert.Equal(ElfImage.Hash(Old), BitConverter.ToUInt32(image, offset));
        Assert.Equal([Old, "CXXABI_1.3", Old], ElfSymbolVersion.Needs(image).Where(need => need.Library == Library).Select(need => need.Version));
        var changed = Enumerable.Range(0, image.Length).Where(i => image[i] != before[i]).ToArray();
        Assert.NotEmpty(changed);
        Assert.All(changed, i => Assert.True((i >= offset && i < offset + 4) || (i >= offset + 8 && i < offset + 12)));
    }

    [Fact]
    public void A_library_that_does_not_ask_for_the_version_stays_as_it_is()
    {
        var image = new ElfImage().Asks(Library, Old).Build();
        var before = image.ToArray();
        Assert.False(ElfSymbolVersion.Replace(image, Library, New, Old));
        Assert.Equal(before, image);
    }

    [Fact]
    public void The_same_version_of_another_library_stays_as_it_is()
    {
        var image = new ElfImage().Asks("libother.so.1", New, Old).Asks(Library, Old).Build();
        Assert.False(ElfSymbolVersion.Replace(image, Library, New, Old));
    }

    [Fact]
    public void A_second_run_finds_nothing_to_change()
    {
        var image = Image();
        Assert.True(ElfSymbolVersion.Replace(image, Library, New, Old));
        Assert.False(ElfSymbolVersion.Replace(image, Library, New, Old));
    }

    [Fact]
    public void A_library_without_the_older_version_is_refused_unchanged()
    {
        var image = new ElfImage().Asks(Library, "CXXABI_1.3", New).Build();
        var before = image.ToArray();
        var error = Assert.Throws<InvalidDataException>(() => ElfSymbolVersion.Replace(image, Library, New, Old));
        Assert.Contains(Old, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, image);
    }

    [Fact]
    public void Truncation_at_every_byte_is_bad_data()
    {
        var image = Image();
        for (var length = 0; length < image.Length; length++)
            Assert.Throws<InvalidDataException>(() => ElfSymbolVersion.Replace(image.AsSpan(0, length), Library, New, Old));
    }

    [Fact]
    public void Any_byte_of_any_value_is_read_or_refused_as_bad_data()
    {
        var image = Image();
        for (var i = 0; i < image.Length; i++)
        {
            foreach (var value in (byte[])[0, 1, 0x7f, 0x80, 0xff])
            {
                var damaged = image.ToArray();
                damaged[i] = value;
                var error = Record.Exception(() => ElfSymbolVersion.Replace(damaged, Library, New, Old));
                Assert.True(error is null or InvalidDataException, $"byte {i} = {value}: {error}");
            }
        }
    }

    [Theory]
    [InlineData(0, 0x7e)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    public void Another_kind_of_file_is_refused(int position, byte value)
    {
        var image = Image();
        image[position] = value;
        Assert.Throws<InvalidDataException>(() => ElfSymbolVersion.Needs(image));
    }

    [Fact]
    public void TorchSharps_own_library_changes_in_at_most_eight_bytes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "TorchSharp's native part is an ELF file on Linux only.");
        var image = File.ReadAllBytes(Assert.IsType<string>(NativeFiles.Find(NativeFiles.TorchSharpLibrary)));
        var before = image.ToArray();
        Assert.True(ElfSymbolVersion.Replace(image, Library, New, Old));
        Assert.InRange(Enumerable.Range(0, image.Length).Count(i => image[i] != before[i]), 1, 8);
        Assert.DoesNotContain(ElfSymbolVersion.Needs(image), need => need.Version == New);
    }
}
