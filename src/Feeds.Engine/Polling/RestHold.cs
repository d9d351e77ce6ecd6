using System.Globalization;
using Feeds.Binance.Limits;
using Feeds.Storage;
using Feeds.Storage.Files;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// Keeps the end of a hold over a restart (<c>rest-hold.json</c>): a banned address that asks again is banned for
/// longer.
/// </summary>
internal sealed class RestHold
{
    private readonly StateFile<State> _file;
    private readonly ILogger _logger;
    private readonly Lock _writing = new();

    public RestHold(string dataDirectory, ILogger logger)
    {
        _file = new StateFile<State>(Path.Combine(dataDirectory, "rest-hold.json"));
        _logger = logger;
    }

    /// <summary>Puts a planner under the hold that is still in force, and keeps each further one.</summary>
    public void Attach(WeightPlanner planner)
    {
        if (Read() is { } state)
        {
            planner.Hold(state.Reason, state.EndTime);
        }

        planner.Held += Keep;
        if (planner.HoldReason != HoldReason.None)
        {
            Tell(planner.HoldReason, planner.HoldEndTime);
        }
    }

    private State? Read()
    {
        try
        {
            return _file.Read();
        }
        catch (StorageException failure)
        {
            // A hold that cannot be read is no reason not to start; the exchange tells it again.
            Log.HoldNotKept(_logger, failure.Message);
            return null;
        }
    }

    private void Keep(HoldReason reason, long endTime)
    {
        Tell(reason, endTime);
        try
        {
            lock (_writing)
            {
                _file.Write(new State(reason, endTime));
            }
        }
        catch (StorageException failure)
        {
            Log.HoldNotKept(_logger, failure.Message);
        }
    }

    private void Tell(HoldReason reason, long endTime) => Log.Held(
        _logger, Sentence(reason),
        DateTimeOffset.FromUnixTimeMilliseconds(endTime).ToString("u", CultureInfo.InvariantCulture));

    /// <summary>Returns why nothing is asked, as a sentence's beginning.</summary>
    public static string Sentence(HoldReason reason) => reason switch
    {
        HoldReason.Blocked => "The exchange refuses this address or country (403, 451)",
        HoldReason.Banned => "The exchange has banned this address (418)",
        _ => "The exchange asks for fewer requests (429)",
    };

    private sealed record State(HoldReason Reason, long EndTime);
}
