using Federation.Domain.Traffic;
using Microsoft.Extensions.Logging;

namespace Federation.Sensor.Daemon;

/// <summary>What a sensor tells its operator; event ids 5001 to 5099.</summary>
internal static partial class SensorLog
{
    [LoggerMessage(5001, LogLevel.Information, "Sensor {Sensor} started as boot {Boot} with the {Backend} backend; {Waiting} reports wait from before")]
    public static partial void Started(this ILogger log, string sensor, Guid boot, string backend, long waiting);

    [LoggerMessage(5002, LogLevel.Warning, "The {Backend} backend cannot be used: {Reason}")]
    public static partial void BackendRefused(this ILogger log, string backend, string reason);

    [LoggerMessage(5003, LogLevel.Information, "Window {Window} closed: {Reports} reports, {Packets} frames counted, {Dropped} dropped, {Covered} watched")]
    public static partial void WindowClosed(this ILogger log, Window window, int reports, long packets, long dropped, TimeSpan covered);

    [LoggerMessage(5004, LogLevel.Warning, "Nobody watched from {From} to {Until}: the windows in between are gaps, not zero")]
    public static partial void Gap(this ILogger log, DateTimeOffset from, DateTimeOffset until);

    [LoggerMessage(5005, LogLevel.Warning, "The clock jumped by {Step} in window {Window}; forward shortens the window, backward stretches it")]
    public static partial void ClockStepped(this ILogger log, TimeSpan step, Window window);

    [LoggerMessage(5006, LogLevel.Warning, "Interface {Interface} is not watched: {Reason}")]
    public static partial void PointFailed(this ILogger log, string @interface, string reason);

    [LoggerMessage(5007, LogLevel.Information, "Watching {Points}")]
    public static partial void Watching(this ILogger log, string points);

    [LoggerMessage(5008, LogLevel.Warning, "The spool is full: {Merged} reports were merged into coarser windows, {Lost} were given up")]
    public static partial void SpoolShrunk(this ILogger log, long merged, long lost);

    [LoggerMessage(5009, LogLevel.Error, "The spool cannot be written; {Windows} windows are kept in memory until it can")]
    public static partial void SpoolFailed(this ILogger log, Exception fault, int windows);

    [LoggerMessage(5010, LogLevel.Information, "Went on with window {Window}, which the start before this one had begun: nobody watched for {Gap}")]
    public static partial void WindowResumed(this ILogger log, Window window, TimeSpan gap);

    [LoggerMessage(5011, LogLevel.Warning, "The spool's files had {Bytes} bytes that could not be read: what was being written when the machine or the process ended")]
    public static partial void SpoolTorn(this ILogger log, long bytes);

    [LoggerMessage(5012, LogLevel.Warning, "The privilege that only the start needed could not be dropped: {Reason}")]
    public static partial void PrivilegeKept(this ILogger log, string reason);

    [LoggerMessage(5013, LogLevel.Warning, "The service manager does not keep what counts, so that a sensor that is killed loses what came after its last look: {Reason}")]
    public static partial void NotKept(this ILogger log, string reason);

    [LoggerMessage(5021, LogLevel.Warning, "Reports cannot be delivered: {Reason}")]
    public static partial void DeliveryFailed(this ILogger log, string reason);

    [LoggerMessage(5022, LogLevel.Information, "Reports are delivered again; {Waiting} still wait")]
    public static partial void DeliveryResumed(this ILogger log, long waiting);

    [LoggerMessage(5023, LogLevel.Warning, "The service does not take the report of {Vm} for {Window}, which is dropped alone: {Reason}")]
    public static partial void ReportRefused(this ILogger log, string vm, string window, string reason);

    [LoggerMessage(5024, LogLevel.Warning, "The service's clock is {Offset} ahead of this host's (give or take {Uncertainty}): one of them is wrong")]
    public static partial void ClockSkewed(this ILogger log, TimeSpan offset, TimeSpan uncertainty);

    [LoggerMessage(5026, LogLevel.Warning, "{Duplicates} reports had been stored before; nothing changed")]
    public static partial void Duplicates(this ILogger log, int duplicates);

    [LoggerMessage(5031, LogLevel.Information, "{Source} tells of {Count} VMs on this host: {Vms}")]
    public static partial void VmsListed(this ILogger log, string source, int count, string vms);

    [LoggerMessage(5032, LogLevel.Warning, "{Source} does not tell which VMs are on this host, so the list from before holds: {Reason}")]
    public static partial void ListingFailed(this ILogger log, string source, string reason);

    [LoggerMessage(5041, LogLevel.Information, "Status and metrics at http://{Address}/")]
    public static partial void Listening(this ILogger log, string address);

    [LoggerMessage(5042, LogLevel.Warning, "Status and metrics cannot be served at {Address}: {Reason}")]
    public static partial void ListeningFailed(this ILogger log, string address, string reason);
}
