using Feeds.Core.Numerics;

namespace Feeds.Core.Symbols;

/// <summary>
/// The newest records of one kind by their stamp, each with two values; looked up as of a time. Double records: the
/// last one counts. Bounded; the oldest leave first.
/// </summary>
internal sealed class RecordHistory(int capacity, long lagMs, long maxAgeMs) : ISavedState
{
    private readonly List<Record> _records = [];

    public int Count => _records.Count;

    /// <summary>The newest stamp, epoch ms; 0 without records.</summary>
    public long NewestTime => _records.Count == 0 ? 0 : _records[^1].Time;

    public Record this[int index] => _records[index];

    public void Add(long time, double first, double second)
    {
        int index = _records.Count;
        while (index > 0 && _records[index - 1].Time > time)
        {
            index--;
        }

        Record record = new(time, first, second);
        if (index > 0 && _records[index - 1].Time == time)
        {
            _records[index - 1] = record;
            return;
        }

        _records.Insert(index, record);
        if (_records.Count > capacity)
        {
            _records.RemoveAt(0);
        }
    }

    /// <summary>True when a record with this stamp is held.</summary>
    public bool Holds(long time)
    {
        for (int i = _records.Count - 1; i >= 0 && _records[i].Time >= time; i--)
        {
            if (_records[i].Time == time)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The newest record known at a time by its stamp and lag; NaN values when there is none or it is too old.
    /// </summary>
    public Record AsOf(long time)
    {
        int index = IndexAsOf(time);
        return index >= 0 && time - _records[index].Time <= maxAgeMs
            ? _records[index] : new Record(0, double.NaN, double.NaN);
    }

    /// <summary>The index of the newest record known at a time; −1 when there is none.</summary>
    public int IndexAsOf(long time)
    {
        int index = _records.Count - 1;
        while (index >= 0 && _records[index].Time + lagMs > time)
        {
            index--;
        }

        return index;
    }

    public void Save(StateWriter writer)
    {
        writer.WriteInt32(_records.Count);
        foreach (Record record in _records)
        {
            writer.WriteInt64(record.Time);
            writer.WriteDouble(record.First);
            writer.WriteDouble(record.Second);
        }
    }

    public void Load(ref StateReader reader)
    {
        _records.Clear();
        int count = reader.ReadCount(24);
        for (int i = 0; i < count; i++)
        {
            _records.Add(new Record(reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble()));
        }
    }

    /// <summary>One record: its stamp (epoch ms) and two values.</summary>
    internal readonly record struct Record(long Time, double First, double Second);
}
