using Feeds.Terminal;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Feeds.Configuration;

/// <summary>
/// Reads the sections that are ours out of a YAML file. What else stands in it may be somebody's bot's: it is skipped
/// without being understood, so double keys or unknown tags there do no harm.
/// </summary>
internal sealed class ConfigFile
{
    /// <summary>The most bytes that a file may have.</summary>
    public const int MaxBytes = 4 << 20;

    private const int MaxDepth = 20;

    private readonly string _name;
    private readonly IParser _parser;
    private readonly Dictionary<AnchorName, ConfigNode> _anchors = [];

    private ConfigFile(string name, IParser parser)
    {
        _name = name;
        _parser = parser;
    }

    /// <summary>Returns the wanted sections of a file, in its order; empty for an empty file.</summary>
    /// <exception cref="ConfigurationException">It cannot be read, or is no YAML map.</exception>
    public static ConfigNode Read(string path, IReadOnlySet<string> sections)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (stream.Length > MaxBytes) throw new ConfigurationException($"{path}: larger than {MaxBytes >> 20} MiB");
            using StreamReader reader = new(stream);
            return Parse(reader, Path.GetFileName(path), sections);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                $"--config = {PlainText.Of(path)}: cannot be read: {PlainText.Of(e.Message)}");
        }
    }

    /// <summary>As <see cref="Read"/>, from a text.</summary>
    public static ConfigNode Parse(TextReader text, string name, IReadOnlySet<string> sections)
    {
        try
        {
            return new ConfigFile(name, new Parser(text)).Document(sections);
        }
        catch (YamlException e)
        {
            throw new ConfigurationException(
                $"{name}:{e.Start.Line}: not valid YAML at column {e.Start.Column}: {PlainText.Of(e.Message)}");
        }
    }

    private ConfigNode Document(IReadOnlySet<string> sections)
    {
        List<KeyValuePair<string, ConfigNode>> entries = [];
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<DocumentStart>(out _))
        {
            if (_parser.Accept<MappingStart>(out _)) Sections(entries, sections);
            else if (!Value(0).IsNull) throw new ConfigurationException($"{_name}: must be a map of sections");
            _parser.Consume<DocumentEnd>();
            if (_parser.Accept<DocumentStart>(out DocumentStart? second))
                throw new ConfigurationException(
                    $"{_name}:{second.Start.Line}: a second YAML document; one is allowed");
        }
        return new ConfigNode { Origin = _name, Entries = entries };
    }

    private void Sections(List<KeyValuePair<string, ConfigNode>> entries, IReadOnlySet<string> sections)
    {
        _parser.Consume<MappingStart>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (_parser.Accept<Scalar>(out Scalar? key) && sections.Contains(key.Value))
            {
                _parser.MoveNext();
                entries.Add(new(key.Value, Value(0)));
                continue;
            }
            _parser.SkipThisAndNestedEvents();
            _parser.SkipThisAndNestedEvents();
        }
    }

    private ConfigNode Value(int depth)
    {
        ParsingEvent start = _parser.Current!;
        string origin = $"{_name}:{start.Start.Line}";
        if (depth > MaxDepth) throw new ConfigurationException($"{origin}: nested deeper than {MaxDepth} levels");
        if (_parser.TryConsume<AnchorAlias>(out AnchorAlias? alias))
        {
            return _anchors.TryGetValue(alias.Value, out ConfigNode? known)
                ? known with { Origin = origin }
                : throw new ConfigurationException(
                    $"{origin}: *{alias.Value}: anchors of other sections cannot be used");
        }
        ConfigNode node = new() { Origin = origin };
        if (_parser.TryConsume<Scalar>(out Scalar? scalar)) node = node with { Text = TextOf(scalar) };
        else if (_parser.TryConsume<SequenceStart>(out _)) node = node with { Items = List(depth) };
        else node = node with { Entries = Map(depth) };
        if (start is NodeEvent { Anchor.IsEmpty: false } anchored) _anchors[anchored.Anchor] = node;
        return node;
    }

    private List<ConfigNode> List(int depth)
    {
        List<ConfigNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(Value(depth + 1));
        return items;
    }

    private List<KeyValuePair<string, ConfigNode>> Map(int depth)
    {
        List<KeyValuePair<string, ConfigNode>> entries = [];
        _parser.Consume<MappingStart>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            Scalar key = _parser.Consume<Scalar>();
            entries.Add(new(key.Value, Value(depth + 1)));
        }
        return entries;
    }

    private static string? TextOf(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL"
            ? null : scalar.Value;
}
