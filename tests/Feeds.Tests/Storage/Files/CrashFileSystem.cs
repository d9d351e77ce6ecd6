using Feeds.Storage.Files;
using Xunit;

namespace Feeds.Tests.Storage.Files;

/// <summary>
/// A file system in memory that loses power: what was not flushed may be gone, cut anywhere, or zeros; names that their
/// folder was not flushed for may be the old ones. It also fails on demand.
/// </summary>
internal sealed class CrashFileSystem : IFileSystem
{
    private readonly Dictionary<string, Node> _names = new(StringComparer.Ordinal);
    private readonly List<(string Folder, Action<Dictionary<string, Node>> Change)> _unflushed = [];
    private readonly HashSet<string> _locks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Node> _durable = new(StringComparer.Ordinal);
    private int _generation;

    /// <summary>
    /// Returns what an operation (open, read, write, flush, move, delete, folder, length) on a path fails with.
    /// </summary>
    public Func<string, string, Exception?> Fault { get; set; } = static (_, _) => null;

    /// <summary>Bytes that can still be written before the disk is full.</summary>
    public long Room { get; set; } = long.MaxValue;

    public int FlushCount { get; private set; }

    public void Crash(Random random)
    {
        _generation++;
        _locks.Clear();
        // The journal of a real file system keeps the order of name changes, so a prefix of them survives.
        int kept = random.Next(_unflushed.Count + 1);
        foreach ((_, Action<Dictionary<string, Node>> change) in _unflushed.Take(kept))
        {
            change(_durable);
        }

        _unflushed.Clear();
        _names.Clear();
        foreach ((string path, Node node) in _durable)
        {
            node.Crash(random);
            _names[path] = node;
        }
    }

    public byte[] Content(string path) => _names[path].Bytes.ToArray();

    public void Put(string path, byte[] content)
    {
        _names[path] = new Node { Bytes = [.. content], Durable = content };
        _durable[path] = _names[path];
    }

    public IStoredFile Open(string path, FileMode mode)
    {
        Check("open", path);
        if (_names.TryGetValue(path, out Node? node))
        {
            return mode == FileMode.CreateNew ? throw new IOException($"{path} exists") : new Handle(this, path, node);
        }

        if (mode == FileMode.Open)
        {
            throw new FileNotFoundException(path);
        }

        node = new Node();
        Change(path, names => names[path] = node);
        return new Handle(this, path, node);
    }

    public IStoredFile OpenRead(string path) => Open(path, FileMode.Open);

    public IDisposable Lock(string path)
    {
        Check("lock", path);
        Put(path, []);
        return _locks.Add(path) ? new LockHandle(this, path) : throw new IOException("locked");
    }

    public bool Exists(string path) => _names.ContainsKey(path);

    public long LengthOf(string path) => _names.TryGetValue(path, out Node? node) ? node.Bytes.Count : -1;

    public IReadOnlyList<string> List(string folder) =>
        [.. _names.Keys.Where(path => Path.GetDirectoryName(path) == folder).Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> ListFolders(string folder) =>
        [.. _names.Keys.Where(path => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Select(path => path[(folder.Length + 1)..].Split(Path.DirectorySeparatorChar))
            .Where(parts => parts.Length > 1).Select(parts => Path.Combine(folder, parts[0])).Distinct().Order(
                StringComparer.Ordinal)];

    public void CreateFolder(string folder) => Check("folder", folder);

    public void Move(string from, string to)
    {
        Check("move", from);
        Node node = _names[from];
        Change(from, names =>
        {
            names.Remove(from);
            names[to] = node;
        });
    }

    public void Delete(string path)
    {
        Check("delete", path);
        Change(path, names => names.Remove(path));
    }

    public void FlushFolder(string folder)
    {
        Check("flush", folder);
        foreach ((_, Action<Dictionary<string, Node>> change) in _unflushed.Where(change => change.Folder == folder))
        {
            change(_durable);
        }

        _unflushed.RemoveAll(change => change.Folder == folder);
    }

    public long FreeBytes(string folder) => Room;

    private void Change(string path, Action<Dictionary<string, Node>> change)
    {
        change(_names);
        _unflushed.Add((Path.GetDirectoryName(path)!, change));
    }

    private void Check(string operation, string path)
    {
        if (Fault(operation, path) is { } fault)
        {
            throw fault;
        }
    }

    private sealed class Node
    {
        public List<byte> Bytes { get; set; } = [];

        public byte[] Durable { get; set; } = [];

        public void Crash(Random random)
        {
            if (Bytes.Count <= Durable.Length)
            {
                // A cut that was not flushed is kept or not; what lies below is equal.
                Bytes = random.Next(2) == 0 ? Bytes : [.. Durable];
            }
            else
            {
                int kept = random.Next(Durable.Length, Bytes.Count + 1);
                int written = random.Next(4) == 0 ? random.Next(Durable.Length, kept + 1) : kept;
                Bytes = [.. Bytes.Take(written), .. new byte[kept - written]];
            }

            Durable = [.. Bytes];
        }
    }

    private sealed class LockHandle(CrashFileSystem owner, string path) : IDisposable
    {
        public void Dispose() => owner._locks.Remove(path);
    }

    private sealed class Handle(CrashFileSystem owner, string path, Node node) : IStoredFile
    {
        private readonly int _generation = owner._generation;

        public long Length => node.Bytes.Count;

        public int Read(Span<byte> buffer, long offset)
        {
            owner.Check("read", path);
            int count = (int)Math.Clamp(node.Bytes.Count - offset, 0, buffer.Length);
            for (int i = 0; i < count; i++)
            {
                buffer[i] = node.Bytes[(int)offset + i];
            }

            return count;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            Alive();
            owner.Check("write", path);
            int count = (int)Math.Min(bytes.Length, owner.Room);
            owner.Room -= count;
            while (node.Bytes.Count < offset + count)
            {
                node.Bytes.Add(0);
            }

            for (int i = 0; i < count; i++)
            {
                node.Bytes[(int)offset + i] = bytes[i];
            }

            if (count < bytes.Length)
            {
                throw new IOException("No space left on device");
            }
        }

        public void SetLength(long length)
        {
            Alive();
            owner.Check("length", path);
            while (node.Bytes.Count < length)
            {
                node.Bytes.Add(0);
            }

            node.Bytes.RemoveRange((int)length, node.Bytes.Count - (int)length);
        }

        public void Flush()
        {
            Alive();
            owner.Check("flush", path);
            owner.FlushCount++;
            node.Durable = [.. node.Bytes];
        }

        public void Dispose()
        {
        }

        // The process that crashed must not write any more.
        private void Alive() => Assert.Equal(owner._generation, _generation);
    }
}
