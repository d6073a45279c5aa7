import './base.css';
import './panel.css';
import './row.css';
import './page.css';
import './launch.css';
import './form.css';
import './machine.css';
import './item.css';
