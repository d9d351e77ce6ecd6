using System.Runtime.InteropServices;

namespace Feeds.Benchmarks.Storage;

/// <summary>The system's SQLite: as much of it as appending needs.</summary>
internal sealed partial class Sqlite : IDisposable
{
    private const string Library = "libsqlite3.so.0";
    private const int Row = 100;
    private const int Done = 101;

    private readonly nint _database;
    private readonly nint _insert;

    /// <summary>Opens a database with a write-ahead log that is brought to disk at each commit.</summary>
    public Sqlite(string path)
    {
        Check(Open(path, out _database));
        Run("PRAGMA journal_mode=WAL");
        Run("PRAGMA synchronous=FULL");
        Run("CREATE TABLE event (symbol INTEGER NOT NULL, sequence INTEGER NOT NULL, body BLOB NOT NULL)");
        Check(Prepare(_database, "INSERT INTO event VALUES (?1, ?2, ?3)", -1, out _insert, 0));
    }

    /// <summary>The library's version.</summary>
    public static string Version => Marshal.PtrToStringUTF8(LibraryVersion()) ?? "?";

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Run(string sql)
    {
        Check(Prepare(_database, sql, -1, out nint statement, 0));
        int result = Step(statement);
        _ = Finish(statement);
        Check(result is Done or Row ? 0 : result);
    }

    /// <summary>Inserts an event within the transaction that is open.</summary>
    public unsafe void Insert(int symbol, long sequence, ReadOnlySpan<byte> body)
    {
        _ = BindNumber(_insert, 1, symbol);
        _ = BindNumber(_insert, 2, sequence);
        fixed (byte* bytes = body)
        {
            // Static: the bytes stay where they are until the step is done.
            _ = BindBytes(_insert, 3, bytes, body.Length, 0);
            int result = Step(_insert);
            Check(result == Done ? 0 : result);
        }

        _ = Reset(_insert);
    }

    public void Dispose()
    {
        _ = Finish(_insert);
        _ = Close(_database);
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"SQLite answered {result}");
        }
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_libversion")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint LibraryVersion();

    [LibraryImport(Library, EntryPoint = "sqlite3_open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, out nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_close_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_prepare_v2", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Prepare(nint database, string sql, int length, out nint statement, nint tail);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_finalize")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Finish(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int BindNumber(nint statement, int index, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int BindBytes(nint statement, int index, byte* bytes, int length, nint free);
}
