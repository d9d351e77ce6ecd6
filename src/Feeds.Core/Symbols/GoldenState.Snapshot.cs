using Feeds.Core.Numerics;

namespace Feeds.Core.Symbols;

/// <summary>How the state is saved: its own numbers, then a section for each operator.</summary>
internal sealed partial class GoldenState
{
    public void Save(StateWriter writer)
    {
        writer.WriteInt64(_fundingSlot);
        writer.WriteInt64(_bookEventTime);
        writer.WriteInt64(_tradeEventTime);
        writer.WriteInt64(_lateUntil);
        writer.WriteDouble(_micropriceDeviation);
        writer.WriteDouble(_slope);
        writer.WriteDouble(_fundingRate);
        writer.WriteSection("resting", 1, _resting);
        writer.WriteSection("ladder", 2, _ladder);
        writer.WriteSection("open_interest", 1, _openInterest);
        writer.WriteSection("mark_bars", 1, _markBars);
        writer.WriteSection("index_bars", 1, _indexBars);
        writer.WriteSection("book", 2, _book);
        writer.WriteSection("flow", 2, _flow);
        writer.WriteSection("decayed", 1, _decayed);
        writer.WriteSection("liquidations", 1, _liquidations);
        writer.WriteSection("coverage", 2, Ledger);
        writer.WriteSection("own", 2, Own);
        writer.WriteSection("context", 2, Context);
        for (int i = 0; i < _series.Length; i++)
        {
            int token = writer.BeginSection($"bars_{BarLengthsMs[i] / 60_000}m", 1);
            _series[i].Graph.Save(writer);
            writer.EndSection(token);
        }
    }

    public void Load(ref StateReader reader)
    {
        _fundingSlot = reader.ReadInt64();
        _bookEventTime = reader.ReadInt64();
        _tradeEventTime = reader.ReadInt64();
        _lateUntil = reader.ReadInt64();
        _micropriceDeviation = reader.ReadDouble();
        _slope = reader.ReadDouble();
        _fundingRate = reader.ReadDouble();
        MissingSections = 0;
        Load(ref reader, "resting", _resting);
        Load(ref reader, "ladder", _ladder, version: 2);
        Load(ref reader, "open_interest", _openInterest);
        Load(ref reader, "mark_bars", _markBars);
        Load(ref reader, "index_bars", _indexBars);
        Load(ref reader, "book", _book, version: 2);
        Load(ref reader, "flow", _flow, version: 2);
        Load(ref reader, "decayed", _decayed);
        Load(ref reader, "liquidations", _liquidations);
        Load(ref reader, "coverage", Ledger, version: 2);
        Load(ref reader, "own", Own, version: 2);
        Load(ref reader, "context", Context, version: 2);
        for (int i = 0; i < _series.Length; i++)
        {
            MissingSections += reader.TryFindSection($"bars_{BarLengthsMs[i] / 60_000}m", 1, out StateReader section)
                ? _series[i].Graph.Load(ref section) : 1;
        }

        // What is left belongs to sections, which are looked up and not read through.
        reader.SkipRest();
    }

    /// <summary>How many operators the loaded snapshot did not have in this version; they begin anew.</summary>
    public int MissingSections { get; private set; }

    private void Load(ref StateReader reader, string name, ISavedState state, int version = 1) =>
        MissingSections += reader.TryLoadSection(name, version, state) ? 0 : 1;
}
