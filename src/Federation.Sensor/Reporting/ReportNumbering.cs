using Federation.Domain.Traffic;

namespace Federation.Sensor.Reporting;

/// <summary>Numbers the reports of one start of a sensor, so that a service knows a repeated one.</summary>
/// <remarks>Not safe for use by several threads.</remarks>
/// <param name="sensor">The sensor's name, one per host.</param>
/// <param name="boot">New at every start of the sensor.</param>
public sealed class ReportNumbering(string sensor, Guid boot)
{
    private long last;

    /// <summary>Gives each report the next number, from 1; lazy.</summary>
    public IEnumerable<NumberedReport> Number(IEnumerable<WindowReport> reports) =>
        reports.Select(report => new NumberedReport(new ReportOrigin(sensor, boot, ++last), report));
}
