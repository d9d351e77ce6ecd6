using Feeds.Storage;

namespace Feeds.Tests.Storage;

/// <summary>Writes down what storage tells.</summary>
internal sealed class StorageNotes : IStorageEvents
{
    public List<(string Path, long Bytes, long Record)> Cuts { get; } = [];

    public List<(string Path, long Offset, long Bytes)> Damages { get; } = [];

    public List<string> Rotations { get; } = [];

    public List<string> PutOff { get; } = [];

    public List<string> Removals { get; } = [];

    public void TailCut(string path, long bytes, long record) => Cuts.Add((path, bytes, record));

    public void Damaged(string path, long offset, long bytes, string what) => Damages.Add((path, offset, bytes));

    public void Rotated(string path, string name) => Rotations.Add(name);

    public void RotationPutOff(string path, string reason) => PutOff.Add(reason);

    public void RowsPutOff(string path, string reason) => PutOff.Add(reason);

    public void Removed(string path, string reason) => Removals.Add(path);
}
