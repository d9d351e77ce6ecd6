using System.Text;
using Feeds.Storage.Files;

namespace Feeds.Storage.Sinks;

/// <summary>The row file that is being appended to.</summary>
internal sealed class CsvOpenFile : IDisposable
{
    private static readonly byte[] HeaderLine = Encoding.UTF8.GetBytes(FeedRowCsv.Header + "\n");

    private readonly IStoredFile _file;
    private readonly string _path;

    private CsvOpenFile(IStoredFile file, string path, long length, long lastTick)
    {
        _file = file;
        _path = path;
        Length = length;
        LastTick = lastTick;
    }

    /// <summary>Bytes up to the end of the last durable line.</summary>
    public long Length { get; private set; }

    /// <summary>The tick of the last row, or of the next one to be written; epoch ms, 0 without any.</summary>
    public long LastTick { get; set; }

    /// <summary>True when there is more than the header.</summary>
    public bool HasRows => Length > HeaderLine.Length;

    /// <summary>Opens or makes a file, cuts a torn end, and adds the newest ticks that it holds.</summary>
    public static CsvOpenFile Open(
        IFileSystem files, string path, Dictionary<string, long> newestTicks, IStorageEvents events)
    {
        bool isNew = !files.Exists(path);
        IStoredFile file = files.Open(path, isNew ? FileMode.CreateNew : FileMode.Open);
        try
        {
            CsvFileScan scan = CsvFileScan.Read(file, newestTicks);
            if (!scan.HasHeader && !scan.IsEmpty)
            {
                throw new StorageException(
                    path, $"{path} does not begin with the header of a row file: move it away, or name another "
                    + "csv_path");
            }

            if (scan.ForeignBytes > 0)
            {
                events.Damaged(
                    path, scan.ForeignOffset, scan.ForeignBytes, "these lines are no rows; they are left as they are");
            }

            long torn = file.Length - scan.GoodLength;
            if (torn > 0)
            {
                file.SetLength(scan.GoodLength);
                events.TailCut(path, torn, scan.Rows + 1);
            }

            CsvOpenFile open = new(file, path, scan.GoodLength, scan.LastTick);
            if (scan.GoodLength == 0)
            {
                open.Append(HeaderLine);
            }
            else if (torn > 0)
            {
                open.Flush();
            }

            if (isNew)
            {
                files.FlushFolder(Path.GetDirectoryName(path)!);
            }

            return open;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends whole lines and returns when they are durable.</summary>
    public void Append(ReadOnlySpan<byte> lines)
    {
        _file.Write(lines, Length);
        Flush();
        Length += lines.Length;
    }

    /// <summary>Tries to cut what a failed append left.</summary>
    public void CutBack()
    {
        try
        {
            _file.SetLength(Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next opening repairs it; the cause of the failure is on its way to the caller already.
        }
    }

    public void Dispose() => _file.Dispose();

    private void Flush()
    {
        try
        {
            _file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageSuspectException(
                _path, $"{_path}: the disk did not confirm what was written: {e.Message}", e);
        }
    }
}
