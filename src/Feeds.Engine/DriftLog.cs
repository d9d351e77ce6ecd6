using Feeds.Binance.Wire;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>Writes into the log, once per name, that the exchange's messages changed.</summary>
internal sealed class DriftLog(ILogger logger) : IDriftObserver
{
    public void UnknownField(string name) => Log.SchemaDrift(logger, $"unknown field {name}");

    public void UnknownEvent(string name) => Log.SchemaDrift(logger, $"unknown event {name}");

    public void VanishedField(string name) => Log.SchemaDrift(logger, $"field {name} is gone");
}
