using System.IO.Compression;
using System.Text;
using Xunit;

namespace Feeds.Tests.Binance;

/// <summary>Recorded exchange messages; a test that needs them skips where they are absent.</summary>
internal static class Recorded
{
    public static string Folder(params string[] parts)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Feeds.sln")))
        {
            folder = folder.Parent;
        }

        string path = folder is null ? string.Empty : Path.Combine([folder.FullName, "..", "shared", "data", .. parts]);
        if (!Directory.Exists(path))
        {
            Assert.Skip("the recorded data (../shared/data beside the repository) is not here");
        }

        return path;
    }

    /// <summary>The frames of a capture, without the receive times in front of them.</summary>
    public static IEnumerable<byte[]> Frames(string file, int most = int.MaxValue)
    {
        string path = Path.Combine(Folder("ws"), file);
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        while (most-- > 0 && reader.ReadLine() is { } line)
        {
            int start = line.IndexOf('{', StringComparison.Ordinal);
            if (start >= 0 && !line.StartsWith("wss", StringComparison.Ordinal))
            {
                yield return Encoding.UTF8.GetBytes(line[start..]);
            }
        }
    }
}
