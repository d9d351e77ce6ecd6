using System.Text.Json;

namespace Feeds.Storage.Files;

/// <summary>
/// A small piece of state as a JSON file that is replaced as a whole: a reader sees the old one or the new one.
/// </summary>
/// <typeparam name="T">What is kept; a plain record.</typeparam>
public sealed class StateFile<T>
    where T : class
{
    private const int MaxBytes = 16 * 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private readonly IFileSystem _files;

    /// <summary>Names the file; nothing is read or written yet.</summary>
    public StateFile(string path)
        : this(path, DiskFileSystem.Instance)
    {
    }

    internal StateFile(string path, IFileSystem files)
    {
        Path = System.IO.Path.GetFullPath(path);
        _files = files;
    }

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>Returns what is kept; null when there is no file.</summary>
    /// <exception cref="StorageException">The file cannot be read, or does not hold such a state.</exception>
    public T? Read()
    {
        try
        {
            if (!_files.Exists(Path))
            {
                return null;
            }

            using IStoredFile file = _files.OpenRead(Path);
            if (file.Length > MaxBytes)
            {
                throw new StorageException(Path, $"{Path}: {file.Length} bytes, at most {MaxBytes} are expected");
            }

            byte[] bytes = new byte[file.Length];
            int filled = 0;
            for (int read; filled < bytes.Length && (read = file.Read(bytes.AsSpan(filled), filled)) > 0;)
            {
                filled += read;
            }

            return JsonSerializer.Deserialize<T>(bytes.AsSpan(0, filled), Json)
                ?? throw new StorageException(Path, $"{Path}: holds null");
        }
        catch (JsonException failure)
        {
            throw new StorageException(Path, $"{Path}: not what this program wrote: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(Path, $"{Path}: cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Puts a new state in the place of the old one; when it returns, it is durable.</summary>
    /// <exception cref="StorageException">It cannot be written; the old one stands.</exception>
    public void Write(T state)
    {
        string folder = System.IO.Path.GetDirectoryName(Path)!;
        string next = Path + ".new";
        try
        {
            _files.CreateFolder(folder);
            _files.Delete(next);
            using (IStoredFile file = _files.Open(next, FileMode.CreateNew))
            {
                file.Write(JsonSerializer.SerializeToUtf8Bytes(state, Json), 0);
                file.Flush();
            }

            _files.Move(next, Path);
            _files.FlushFolder(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(Path, $"{Path}: cannot be written: {failure.Message}", failure);
        }
    }
}
