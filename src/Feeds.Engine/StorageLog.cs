using Feeds.Core.Symbols;
using Feeds.Storage;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>Writes into the log what storage has to tell.</summary>
internal sealed class StorageLog(ILogger logger) : IStorageEvents
{
    public void TailCut(string path, long bytes, long record) => Log.TailCut(logger, path, bytes, record);

    public void Damaged(string path, long offset, long bytes, string what) =>
        Log.Damaged(logger, path, offset, bytes, what);

    public void Rotated(string path, string name) => Log.Rotated(logger, path, name);

    public void RotationPutOff(string path, string reason) => Log.RotationPutOff(logger, path, reason);

    public void RowsPutOff(string path, string reason) => Log.RowsPutOff(logger, path, reason);

    public void Removed(string path, string reason) => Log.Removed(logger, path, reason);

    public void RowConflict(FeedRow row) => Log.RowConflict(logger, row.Symbol.Text, row.TickTime);

    public void RowBuried(FeedRow row, string reason) => Log.RowBuried(logger, row.Symbol.Text, row.TickTime, reason);
}
